package io.camjar.engine.kernel.simd;

import io.camjar.engine.threads.Threads;
import java.util.Arrays;

/**
 * Weights transformed for {@link WinogradConv2d}: in double precision, rounded once; loops over
 * outputs that the just-in-time compiler turns into vectors by itself.
 */
final class WinogradWeights {
  private static final int[] TAPS = {0, 1, 2, 3, 4, 5, 6, 7, 8};
  private static final int[] TURNED = {8, 7, 6, 5, 4, 3, 2, 1, 0};

  /** Floats between two points' weights beyond what they take, so that they fall in other sets. */
  private static final int SKEW = 16;

  private WinogradWeights() {}

  /** Floats from one point's weights to the next point's. */
  static int pitch(int outBlocks, int inBlocks) {
    return Math.multiplyExact(outBlocks * Lanes.BLOCK, inBlocks * Lanes.BLOCK) + SKEW;
  }

  /**
   * {@code G g G'} of every kernel, {@code [points^2][outBlocks][inBlocks * block][block]}.
   *
   * @param turn whether each kernel is turned by half a circle first, as a backward needs it
   */
  static float[] transform(
      WinogradTransform transform,
      Conv2dWeights weights,
      boolean turn,
      PackMemory memory,
      Threads threads) {
    int points = transform.points();
    double[][] g = transform.kernel();
    int block = Lanes.BLOCK;
    int inBlocks = Lanes.blocks(weights.inputs);
    int outBlocks = Lanes.blocks(weights.outputs);
    int depth = inBlocks * block;
    int pitch = pitch(outBlocks, inBlocks);
    float[] packed = memory.take(Math.multiplyExact(points * points, pitch));
    memory.reserve(2 * threads.count(), 3 * Math.max(3, points) * block);
    threads.run(
        outBlocks * inBlocks,
        (pair, worker) -> {
          double[] kernel = memory.own(2 * worker);
          double[] half = memory.own(2 * worker + 1);
          for (int i = 0; i < block; i++) {
            int input = pair % inBlocks * block + i;
            if (input < weights.inputs) {
              weights.copy(pair / inBlocks, input, turn ? TURNED : TAPS, kernel);
            } else {
              Arrays.fill(kernel, 0, TAPS.length * block, 0);
            }
            int at = (pair / inBlocks * depth + input) * block;
            for (int p = 0; p < points; p++) {
              rows(kernel, g[p], half, p * 3 * block);
            }
            for (int p = 0; p < points; p++) {
              for (int q = 0; q < points; q++) {
                columns(half, p * 3 * block, g[q], packed, at + (p * points + q) * pitch);
              }
            }
          }
        });
    return packed;
  }

  /** A row of {@code G g}. */
  private static void rows(double[] kernel, double[] g, double[] half, int to) {
    double g0 = g[0];
    double g1 = g[1];
    double g2 = g[2];
    int row = 3 * Lanes.BLOCK;
    for (int i = 0; i < row; i++) {
      half[to + i] = g0 * kernel[i] + g1 * kernel[row + i] + g2 * kernel[2 * row + i];
    }
  }

  /** An element of {@code (G g) G'}. */
  private static void columns(double[] half, int from, double[] g, float[] packed, int to) {
    double g0 = g[0];
    double g1 = g[1];
    double g2 = g[2];
    int block = Lanes.BLOCK;
    for (int o = 0; o < block; o++) {
      packed[to + o] =
          (float)
              (g0 * half[from + o] + g1 * half[from + block + o] + g2 * half[from + 2 * block + o]);
    }
  }
}
