package io.camjar.engine.kernel.simd.token;

import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.kernel.simd.VectorMath;
import io.camjar.engine.threads.Threads;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Softmax over the channels of each place: of a matrix of attention, over its columns. All tensors
 * of a call have one layout.
 */
public final class ChannelSoftmax {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int LANES = Places.RUN * Lanes.COUNT;

  private ChannelSoftmax() {}

  /** {@code y = exp(x - max) / sum(exp(x - max))}; {@code y} may be {@code x}. */
  public static void forward(BlockedTensor x, BlockedTensor y, Threads threads) {
    float[] inside = Places.inside(x);
    float[] outside = Places.outside(x);
    Places.run(
        x,
        threads,
        (at, count, number) -> {
          float[] lanes = new float[LANES];
          float[] factor = new float[Places.RUN];
          Places.max(x, outside, at, count, lanes, factor);
          Arrays.fill(lanes, 0);
          for (int b = 0; b < 2 * x.blocks; b++) {
            int from = at + b / 2 * x.planePitch + b % 2 * Lanes.COUNT;
            exp(x.data, from, count, factor, inside, b * Lanes.COUNT, y.data, lanes);
          }
          double[] sums = new double[Places.RUN];
          Places.reduce(lanes, count, sums);
          for (int i = 0; i < count; i++) {
            factor[i] = (float) (1 / sums[i]);
          }
          for (int b = 0; b < 2 * x.blocks; b++) {
            scale(y.data, at + b / 2 * x.planePitch + b % 2 * Lanes.COUNT, count, factor);
          }
        });
  }

  /** {@code dx = y (dy - sum(dy y))}; {@code dx} may be {@code dy}. */
  public static void backward(
      BlockedTensor dy, BlockedTensor y, BlockedTensor dx, Threads threads) {
    Places.run(
        y,
        threads,
        (at, count, number) -> {
          float[] lanes = new float[LANES];
          double[] sums = new double[Places.RUN];
          Places.products(dy, y, at, count, lanes);
          Places.reduce(lanes, count, sums);
          float[] sum = new float[Places.RUN];
          for (int i = 0; i < count; i++) {
            sum[i] = (float) sums[i];
          }
          for (int b = 0; b < 2 * y.blocks; b++) {
            int from = at + b / 2 * y.planePitch + b % 2 * Lanes.COUNT;
            combine(dy.data, y.data, from, count, sum, dx.data);
          }
        });
  }

  private static void exp(
      float[] x,
      int from,
      int count,
      float[] max,
      float[] inside,
      int c,
      float[] y,
      float[] lanes) {
    for (int i = 0; i < count; i++) {
      int at = from + i * Lanes.BLOCK;
      int to = i * Lanes.COUNT;
      FloatVector e =
          VectorMath.exp(FloatVector.fromArray(S, x, at).sub(max[i]))
              .mul(FloatVector.fromArray(S, inside, c));
      e.intoArray(y, at);
      FloatVector.fromArray(S, lanes, to).add(e).intoArray(lanes, to);
    }
  }

  private static void scale(float[] y, int from, int count, float[] factor) {
    for (int i = 0; i < count; i++) {
      int at = from + i * Lanes.BLOCK;
      FloatVector.fromArray(S, y, at).mul(factor[i]).intoArray(y, at);
    }
  }

  private static void combine(float[] dy, float[] y, int from, int count, float[] sum, float[] dx) {
    for (int i = 0; i < count; i++) {
      int at = from + i * Lanes.BLOCK;
      FloatVector.fromArray(S, dy, at)
          .sub(sum[i])
          .mul(FloatVector.fromArray(S, y, at))
          .intoArray(dx, at);
    }
  }
}
