package io.camjar.engine.kernel.simd.winograd;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.kernel.simd.PackMemory;
import io.camjar.engine.threads.Threads;
import java.nio.FloatBuffer;

/**
 * The weights of a {@link WinogradConv2d} before they are transformed, and their transforms: in
 * double precision, rounded once. Kernels of several inputs are transformed together, so that a row
 * of {@link KernelRows} is long.
 */
final class WinogradWeights {
  /** Inputs whose kernels are transformed together. */
  private static final int INPUTS = WinogradKernels.INPUTS;

  /** Kernels of these inputs and a block of outputs. */
  private static final int ROW = KernelRows.LENGTH;

  private final Winograd method;
  private final WinogradTransform transform;
  private final WinogradKernels kernels;
  private final KernelRows rows;
  private final double[][] g;
  private final int points;
  private final int inBlocks;
  private final int outBlocks;

  /**
   * These weights.
   *
   * @param oihw {@code [O, I, 3, 3]}, borrowed
   * @param backward whether they are those of the backward to the input
   * @param rows how they are transformed
   */
  WinogradWeights(
      Winograd method,
      Conv2dGeometry geometry,
      FloatBuffer oihw,
      boolean backward,
      KernelRows rows) {
    this.method = method;
    this.rows = rows;
    this.transform = method.transform();
    this.kernels = new WinogradKernels(geometry, oihw, backward, rows.squares());
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

  /** Floats of all transformed weights, also of those that the products transform. */
  int floats() {
    return method == Winograd.F4_TAPS
        ? WinogradGemm.offset(points, inBlocks, outBlocks)
        : floats(outBlocks);
  }

  /** Floats that a worker's products with them need beyond their results. */
  int room() {
    return method == Winograd.F4_TAPS ? WinogradTapGemm.room(inBlocks) : 0;
  }

  private int floats(int blocks) {
    return switch (method) {
      case F4_ROWS -> Math.multiplyExact(blocks * points, WinogradRowGemm.panel(inBlocks));
      case F4_TAPS -> WinogradTapGemm.floats(inBlocks, blocks);
      default -> WinogradGemm.offset(points, inBlocks, blocks);
    };
  }

  /** Makes sure that workers have memory to transform in. */
  void reserve(PackMemory memory, Threads threads) {
    memory.reserve(threads.count(), WinogradKernels.ROOM, WinogradKernels.TURNED, 3 * points * ROW);
  }

  /** All weights, transformed. */
  WinogradProducts all(PackMemory memory, Threads threads) {
    float[] packed = memory.take(floats(outBlocks));
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
    return switch (method) {
      case F4_ROWS -> new WinogradRowGemm(packed, inBlocks, blocks);
      case F4_TAPS -> new WinogradTapGemm(packed, inBlocks, blocks);
      default -> new WinogradGemm(points, packed, inBlocks, blocks);
    };
  }

  private void transform(
      int outBlock, int inBlock, PackMemory memory, int worker, float[] to, int at) {
    PackMemory.Own own = memory.own(worker);
    float[] kernel = own.kernels();
    double[] half = own.half();
    kernels.load(outBlock, inBlock, own.weights());
    kernels.turn(outBlock, inBlock, own.weights(), kernel);
    if (method == Winograd.F4_TAPS) {
      storeTaps(kernel, to, WinogradTapGemm.offset(inBlocks, at, inBlock));
      return;
    }
    for (int i = 0; i < Lanes.BLOCK; i += INPUTS) {
      int input = inBlock * Lanes.BLOCK + i;
      columns(kernel, i / INPUTS * WinogradKernels.TAPS * ROW, half);
      if (method == Winograd.F4_ROWS) {
        storeRows(half, to, at, input);
      } else {
        storePoints(half, to, at, input);
      }
    }
  }

  private void storeTaps(float[] kernel, float[] to, int at) {
    double[] factors = WinogradF4.rowFactors();
    for (int i = 0; i < Lanes.BLOCK; i++) {
      int input = i / INPUTS * WinogradKernels.TAPS * ROW + i % INPUTS * Lanes.BLOCK;
      for (int tap = 0; tap < WinogradKernels.TAPS; tap++) {
        double factor = factors[tap / 3] * factors[tap % 3];
        int from = input + tap * ROW;
        int skip = at + WinogradTapGemm.offset(tap, i);
        for (int o = 0; o < Lanes.BLOCK; o++) {
          to[skip + o] = (float) (kernel[from + o] * factor);
        }
      }
    }
  }

  private void storeRows(double[] half, float[] to, int outBlock, int input) {
    int row = 3 * Lanes.BLOCK;
    int panel = WinogradRowGemm.panel(inBlocks);
    double[] factors = WinogradF4.rowFactors();
    for (int p = 0; p < points; p++) {
      int at = (outBlock * points + p) * panel + input * row;
      for (int i = 0; i < INPUTS; i++) {
        for (int column = 0; column < 3; column++) {
          double factor = factors[column];
          int from = (3 * p + column) * ROW + i * Lanes.BLOCK;
          int skip = at + i * row + column * Lanes.BLOCK;
          for (int o = 0; o < Lanes.BLOCK; o++) {
            to[skip + o] = (float) (half[from + o] * factor);
          }
        }
      }
    }
  }

  private void storePoints(double[] half, float[] to, int outBlock, int input) {
    int pitch = WinogradGemm.pitch(inBlocks);
    int at = WinogradGemm.offset(points, inBlocks, outBlock) + input * Lanes.BLOCK;
    int last = points - 1;
    for (int p = 0; p < points; p++) {
      int from = 3 * p * ROW;
      rows.scale(half, from, g[0][0], to, at);
      at += pitch;
      for (int q = 1; q < last; q++) {
        rows.sum(half, from, g[q], to, at);
        at += pitch;
      }
      rows.scale(half, from + 2 * ROW, g[last][2], to, at);
      at += pitch;
    }
  }

  /** {@code G g}, column by column. */
  private void columns(float[] kernel, int first, double[] half) {
    int last = points - 1;
    for (int column = 0; column < 3; column++) {
      int from = first + column * ROW;
      int to = column * ROW;
      rows.scale(kernel, from, g[0][0], half, to);
      for (int p = 1; p < last; p++) {
        rows.sum(kernel, from, g[p], half, 3 * p * ROW + to);
      }
      rows.scale(kernel, from + 6 * ROW, g[last][2], half, 3 * last * ROW + to);
    }
  }
}
