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

  private final Conv2dWeights weights;
  private final int[] taps;
  private final double[][] g;
  private final int points;
  private final int inBlocks;
  private final int outBlocks;

  /**
   * These weights, not transformed yet.
   *
   * @param turn whether each kernel is turned by half a circle first, as a backward needs it
   */
  WinogradWeights(WinogradTransform transform, Conv2dWeights weights, boolean turn) {
    this.weights = weights;
    this.taps = turn ? TURNED : TAPS;
    this.g = transform.kernel();
    this.points = transform.points();
    this.inBlocks = Lanes.blocks(weights.inputs);
    this.outBlocks = Lanes.blocks(weights.outputs);
  }

  /** Blocks of input channels. */
  int inBlocks() {
    return inBlocks;
  }

  /** Blocks of output channels. */
  int outBlocks() {
    return outBlocks;
  }

  /** Floats of one point's weights for one block of outputs. */
  int panel() {
    return Math.multiplyExact(inBlocks * Lanes.BLOCK, Lanes.BLOCK);
  }

  /** Floats from one point's weights to the next point's, where so many blocks lie together. */
  int pitch(int blocks) {
    return Math.multiplyExact(blocks, panel()) + SKEW;
  }

  /** Makes sure that workers have memory to transform in. */
  void reserve(PackMemory memory, Threads threads) {
    memory.reserve(2 * threads.count(), 3 * Math.max(3, points) * Lanes.BLOCK);
  }

  /** {@code G g G'} of every kernel, {@code [points^2][outBlocks][inBlocks * block][block]}. */
  float[] all(PackMemory memory, Threads threads) {
    float[] packed = memory.take(Math.multiplyExact(points * points, pitch(outBlocks)));
    reserve(memory, threads);
    threads.run(
        outBlocks * inBlocks,
        (pair, worker) -> {
          int block = pair / inBlocks;
          transform(block, pair % inBlocks, memory, worker, packed, block * panel(), outBlocks);
        });
    return packed;
  }

  /** Memory for the weights of one block of outputs. */
  float[] takeBlock(PackMemory memory) {
    return memory.take(Math.multiplyExact(points * points, pitch(1)));
  }

  /** {@code G g G'} of one block of outputs, {@code [points^2][inBlocks * block][block]}. */
  void block(int outBlock, PackMemory memory, int worker, float[] to) {
    for (int inBlock = 0; inBlock < inBlocks; inBlock++) {
      transform(outBlock, inBlock, memory, worker, to, 0, 1);
    }
  }

  private void transform(
      int outBlock, int inBlock, PackMemory memory, int worker, float[] to, int first, int blocks) {
    int block = Lanes.BLOCK;
    int pitch = pitch(blocks);
    double[] kernel = memory.own(2 * worker);
    double[] half = memory.own(2 * worker + 1);
    for (int i = 0; i < block; i++) {
      int input = inBlock * block + i;
      if (input < weights.inputs) {
        weights.copy(outBlock, input, taps, kernel);
      } else {
        Arrays.fill(kernel, 0, TAPS.length * block, 0);
      }
      for (int p = 0; p < points; p++) {
        rows(kernel, g[p], half, p * 3 * block);
      }
      int at = first + input * block;
      for (int p = 0; p < points; p++) {
        for (int q = 0; q < points; q++) {
          columns(half, p * 3 * block, g[q], to, at + (p * points + q) * pitch);
        }
      }
    }
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
