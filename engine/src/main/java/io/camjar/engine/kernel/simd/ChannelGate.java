package io.camjar.engine.kernel.simd;

import io.camjar.engine.threads.Threads;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Images times one number for each image and channel, as squeeze and excitation has them. */
public final class ChannelGate {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  private ChannelGate() {}

  /** Where the gates of an image's block lie: in a column of features or an image of one place. */
  private static int offset(BlockedTensor gate, BlockedTensor x, int image, int block) {
    return gate.batch == x.batch
        ? gate.offset(image, block, 0, 0)
        : gate.offset(0, block, 0, image);
  }

  /** {@code y[n, c, h, w] = x[n, c, h, w] gate[n, c]}; {@code y} may be {@code x}. */
  public static void multiply(
      BlockedTensor x, BlockedTensor gate, BlockedTensor y, Threads threads) {
    RowStrips.run(
        x,
        x.height,
        threads,
        (image, block, first, end) -> {
          int g = offset(gate, x, image, block);
          for (int row = first; row < end; row++) {
            int from = x.offset(image, block, row, 0);
            multiply(x.data, from, gate.data, g, y.data, y.offset(image, block, row, 0), x.width);
          }
        });
  }

  private static void multiply(
      float[] x, int from, float[] gate, int g, float[] y, int to, int count) {
    for (int i = 0; i < count * Lanes.BLOCK; i += Lanes.BLOCK) {
      FloatVector p = FloatVector.fromArray(S, x, from + i);
      p.mul(FloatVector.fromArray(S, gate, g)).intoArray(y, to + i);
      FloatVector q = FloatVector.fromArray(S, x, from + i + Lanes.COUNT);
      q.mul(FloatVector.fromArray(S, gate, g + Lanes.COUNT)).intoArray(y, to + i + Lanes.COUNT);
    }
  }

  /** {@code dGate[n, c] = sum over h and w of dy x}; rows are added in double precision. */
  public static void gateBackward(
      BlockedTensor dy, BlockedTensor x, BlockedTensor dGate, Threads threads) {
    threads.run(
        x.tasks(),
        (task, worker) -> {
          int image = task / x.blocks;
          int block = task % x.blocks;
          int to = offset(dGate, x, image, block);
          for (int lane = 0; lane < x.block; lane += Lanes.COUNT) {
            double[] sums = new double[Lanes.COUNT];
            float[] line = new float[Lanes.COUNT];
            for (int row = 0; row < x.height; row++) {
              int a = dy.offset(image, block, row, 0) + lane;
              int b = x.offset(image, block, row, 0) + lane;
              products(dy.data, a, x.data, b, x.width, line);
              for (int c = 0; c < line.length; c++) {
                sums[c] += line[c];
              }
            }
            for (int c = 0; c < sums.length; c++) {
              dGate.data[to + lane + c] = (float) sums[c];
            }
          }
        });
  }

  private static void products(float[] a, int i, float[] b, int j, int count, float[] sum) {
    FloatVector all = FloatVector.zero(S);
    for (int at = 0; at < count * Lanes.BLOCK; at += Lanes.BLOCK) {
      all = FloatVector.fromArray(S, a, i + at).fma(FloatVector.fromArray(S, b, j + at), all);
    }
    all.intoArray(sum, 0);
  }
}
