package io.camjar.engine.kernel.simd.winograd;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.kernel.simd.PackMemory;
import io.camjar.engine.threads.Threads;
import java.nio.FloatBuffer;

/**
 * The weights of a {@link WinogradConv2d} before they are transformed, and their transforms: in
 * double precision, rounded once; loops over outputs that the just-in-time compiler turns into
 * vectors by itself.
 */
final class WinogradWeights {
  private final Winograd method;
  private final WinogradTransform transform;
  private final WinogradKernels kernels;
  private final double[][] g;
  private final int points;
  private final int inBlocks;
  private final int outBlocks;

  /**
   * These weights.
   *
   * @param oihw {@code [O, I, 3, 3]}, borrowed
   * @param backward whether they are those of the backward to the input
   */
  WinogradWeights(Winograd method, Conv2dGeometry geometry, FloatBuffer oihw, boolean backward) {
    this.method = method;
    this.transform = method.transform();
    this.kernels = new WinogradKernels(geometry, oihw, backward);
    this.g = transform.kernel();
    this.points = transform.points();
    this.inBlocks = Lanes.blocks(kernels.inputs());
    this.outBlocks = Lanes.blocks(kernels.outputs());
  }

  WinogradTransform transform() {
    return transform;
  }

  /** Blocks of input channels. */
  int inBlocks() {
    return inBlocks;
  }

  /** Blocks of output channels. */
  int outBlocks() {
    return outBlocks;
  }

  /** Floats of all transformed weights. */
  int floats() {
    return floats(outBlocks);
  }

  private int floats(int blocks) {
    return method == Winograd.F4_ROWS
        ? Math.multiplyExact(blocks * points, WinogradRowGemm.panel(inBlocks))
        : WinogradGemm.offset(points, inBlocks, blocks);
  }

  /** Makes sure that workers have memory to transform in. */
  void reserve(PackMemory memory, Threads threads) {
    int doubles = 3 * Math.max(3, points) * Lanes.BLOCK;
    memory.reserve(threads.count(), WinogradKernels.ROOM, doubles);
  }

  /** All weights, transformed. */
  WinogradProducts all(PackMemory memory, Threads threads) {
    float[] packed = memory.take(floats());
    reserve(memory, threads);
    threads.run(
        outBlocks * inBlocks,
        (pair, worker) -> {
          int block = pair / inBlocks;
          transform(block, pair % inBlocks, memory, worker, packed, block);
        });
    return products(packed, outBlocks);
  }

  /** Room for the weights of one block of outputs, which {@link #transform} fills. */
  WinogradProducts takeBlock(PackMemory memory) {
    return products(memory.take(floats(1)), 1);
  }

  /** Transforms the weights of one block of outputs. */
  void transform(int outBlock, PackMemory memory, int worker, float[] to) {
    for (int inBlock = 0; inBlock < inBlocks; inBlock++) {
      transform(outBlock, inBlock, memory, worker, to, 0);
    }
  }

  private WinogradProducts products(float[] packed, int blocks) {
    return method == Winograd.F4_ROWS
        ? new WinogradRowGemm(packed, inBlocks, blocks)
        : new WinogradGemm(points, packed, inBlocks, blocks);
  }

  private void transform(
      int outBlock, int inBlock, PackMemory memory, int worker, float[] to, int at) {
    int block = Lanes.BLOCK;
    PackMemory.Own own = memory.own(worker);
    double[] kernel = own.kernel();
    double[] half = own.half();
    kernels.load(outBlock, inBlock, own.weights());
    for (int i = 0; i < block; i++) {
      int input = inBlock * block + i;
      kernels.copy(outBlock, inBlock, i, own.weights(), kernel);
      for (int p = 0; p < points; p++) {
        rows(kernel, g[p], half, p * 3 * block);
      }
      if (method == Winograd.F4_ROWS) {
        storeRows(half, to, at, input);
      } else {
        storePoints(half, to, at, input);
      }
    }
  }

  private void storeRows(double[] half, float[] to, int outBlock, int input) {
    int row = 3 * Lanes.BLOCK;
    int panel = WinogradRowGemm.panel(inBlocks);
    double[] factors = WinogradF4.rowFactors();
    for (int p = 0; p < points; p++) {
      int at = (outBlock * points + p) * panel + input * row;
      for (int column = 0; column < 3; column++) {
        double factor = factors[column];
        int skip = column * Lanes.BLOCK;
        for (int o = 0; o < Lanes.BLOCK; o++) {
          to[at + skip + o] = (float) (half[p * row + skip + o] * factor);
        }
      }
    }
  }

  private void storePoints(double[] half, float[] to, int outBlock, int input) {
    int pitch = WinogradGemm.pitch(inBlocks);
    int at = WinogradGemm.offset(points, inBlocks, outBlock) + input * Lanes.BLOCK;
    for (int p = 0; p < points; p++) {
      for (int q = 0; q < points; q++) {
        columns(half, p * 3 * Lanes.BLOCK, g[q], to, at + (p * points + q) * pitch);
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
