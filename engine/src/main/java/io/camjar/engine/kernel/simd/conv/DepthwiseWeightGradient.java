package io.camjar.engine.kernel.simd.conv;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.threads.Threads;
import java.nio.FloatBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The gradient of a {@link DepthwiseConv2d} with respect to its weights. A task is all sums of a
 * tap and a block of channels: each row in single precision, in four sums, the rows in double.
 */
public final class DepthwiseWeightGradient {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  private final Conv2dGeometry g;

  /** For convolutions of this shape. */
  public DepthwiseWeightGradient(Conv2dGeometry geometry) {
    this.g = geometry;
  }

  /** The border that the forward's input needs for an output of this size. */
  public Halo halo(int inH, int inW, int outH, int outW) {
    return ConvSweep.forward(g).get(0).halo(inH, inW, outH, outW);
  }

  /**
   * Computes the gradient.
   *
   * @param dy gradient of the output
   * @param x the forward's input with the border that {@link #halo} asks for
   * @param weights set to the gradient, {@code [C, 1, kH, kW]}
   */
  public void run(BlockedTensor dy, BlockedTensor x, FloatBuffer weights, Threads threads) {
    if (x.isSmall() || !x.covers(halo(x.height, x.width, dy.height, dy.width))) {
      throw new IllegalArgumentException("input %s lacks its border".formatted(x));
    }
    int taps = g.kernelH() * g.kernelW();
    threads.run(
        x.blocks * taps,
        (task, worker) -> {
          int block = task / taps;
          double[] sums = sums(dy, x, block, task % taps);
          int used = Math.min(x.block, x.channels - block * x.block);
          for (int c = 0; c < used; c++) {
            weights.put((block * x.block + c) * taps + task % taps, (float) sums[c]);
          }
        });
  }

  private double[] sums(BlockedTensor dy, BlockedTensor x, int block, int tap) {
    double[] sums = new double[x.block];
    float[] line = new float[x.block];
    int down = tap / g.kernelW() * g.dilationH() - g.padH();
    int across = tap % g.kernelW() * g.dilationW() - g.padW();
    int step = g.strideW() * x.block;
    for (int image = 0; image < dy.batch; image++) {
      for (int row = 0; row < dy.height; row++) {
        int a = x.offset(image, block, row * g.strideH() + down, across);
        int d = dy.offset(image, block, row, 0);
        for (int lane = 0; lane < x.block; lane += Lanes.COUNT) {
          products(x.data, a + lane, step, dy.data, d + lane, dy.block, dy.width, line, lane);
        }
        for (int c = 0; c < sums.length; c++) {
          sums[c] += line[c];
        }
      }
    }
    return sums;
  }

  private static void products(
      float[] x, int a, int step, float[] dy, int d, int dStep, int count, float[] sum, int to) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = FloatVector.zero(S);
    FloatVector s2 = FloatVector.zero(S);
    FloatVector s3 = FloatVector.zero(S);
    int i = 0;
    for (; i < count - 3; i += 4) {
      int p = a + i * step;
      int q = d + i * dStep;
      s0 = FloatVector.fromArray(S, x, p).fma(FloatVector.fromArray(S, dy, q), s0);
      s1 = FloatVector.fromArray(S, x, p + step).fma(FloatVector.fromArray(S, dy, q + dStep), s1);
      s2 =
          FloatVector.fromArray(S, x, p + 2 * step)
              .fma(FloatVector.fromArray(S, dy, q + 2 * dStep), s2);
      s3 =
          FloatVector.fromArray(S, x, p + 3 * step)
              .fma(FloatVector.fromArray(S, dy, q + 3 * dStep), s3);
    }
    for (; i < count; i++) {
      FloatVector v = FloatVector.fromArray(S, x, a + i * step);
      s0 = v.fma(FloatVector.fromArray(S, dy, d + i * dStep), s0);
    }
    s0.add(s1).add(s2.add(s3)).intoArray(sum, to);
  }
}
