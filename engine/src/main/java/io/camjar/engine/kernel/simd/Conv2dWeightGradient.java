package io.camjar.engine.kernel.simd;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.threads.Threads;
import java.nio.FloatBuffer;

/**
 * The gradient of a convolution with respect to its weights: for each tap, a matrix product over
 * all outputs of all images.
 *
 * <p>The rows of a register tile are neighbouring weights of one kernel row (columns of the kernel
 * by input channels), its columns a block of output channels, its steps the outputs of an image. A
 * task is all sums of a kernel row, so they do not depend on the number of threads.
 */
public final class Conv2dWeightGradient {
  private final Conv2dGeometry g;

  /** For convolutions of this shape. */
  public Conv2dWeightGradient(Conv2dGeometry geometry) {
    this.g = geometry;
  }

  /** The border that the forward's input needs. */
  public Halo halo(int inH, int inW) {
    return ConvSweep.forward(g).get(0).halo(inH, inW, g.outH(inH), g.outW(inW));
  }

  /**
   * Computes the gradient.
   *
   * @param dy gradient of the output
   * @param x the forward's input with the border that {@link #halo} asks for
   * @param oihw set to the gradient, {@code [O, I, kH, kW]}
   */
  public void run(
      BlockedTensor dy, BlockedTensor x, FloatBuffer oihw, Scratch scratch, Threads threads) {
    if (!x.covers(halo(x.height, x.width))) {
      throw new IllegalArgumentException("input %s lacks its border".formatted(x));
    }
    // [O / block][I / x.block][kH][kW][x.block][block]
    int kernelRow = g.kernelW() * x.block * dy.block;
    int perBlock = x.blocks * g.kernelH();
    int outputs = g.inChannels() * g.kernelH() * g.kernelW();
    scratch.reserve(Math.multiplyExact(dy.blocks * perBlock, kernelRow), threads.count(), outputs);
    float[] packed = scratch.common();
    int rows = Math.min(dy.height, (TileArgs.PART + dy.width - 1) / dy.width);
    int perImage = (dy.height + rows - 1) / rows;
    int parts = x.batch * perImage;
    threads.run(
        dy.blocks * perBlock,
        (task, worker) -> {
          int outBlock = task / perBlock;
          int inBlock = task % perBlock / g.kernelH();
          int row = task % g.kernelH();
          for (int part = 0; part < parts; part++) {
            TileArgs args = args(dy, x, part % perImage * rows, rows);
            args.c = packed;
            args.cRow = dy.block;
            if (part > 0) {
              args.init = packed;
              args.initRow = dy.block;
            }
            int image = part / perImage;
            int w = dy.offset(image, outBlock, part % perImage * rows, 0);
            int y = part % perImage * rows * g.strideH() + row * g.dilationH() - g.padH();
            kernelRow(args, x, image, inBlock, y, w, task * kernelRow);
          }
        });
    threads.run(
        g.outChannels(), (o, worker) -> unpack(packed, x, dy.block, o, scratch.own(worker), oihw));
  }

  /** Some rows of outputs of one image. */
  private TileArgs args(BlockedTensor dy, BlockedTensor x, int from, int count) {
    int rows = Math.min(count, dy.height - from);
    TileArgs args = new TileArgs();
    args.a = x.data;
    args.aRow = 1;
    args.aStep = g.strideW() * x.block;
    args.tapLength = dy.width;
    args.depth = rows * dy.width;
    args.taps = new int[rows + 1];
    for (int h = 0; h < rows; h++) {
      args.taps[h] = h * g.strideH() * x.rowPitch;
    }
    args.w = dy.data;
    args.wGap = dy.rowPitch - dy.width * dy.block;
    return args;
  }

  private void kernelRow(TileArgs args, BlockedTensor x, int image, int ib, int y, int w, int to) {
    if (g.dilationW() == 1) {
      columns(args, x.offset(image, ib, y, -g.padW()), g.kernelW() * x.block, w, to);
      return;
    }
    for (int k = 0; k < g.kernelW(); k++) {
      int a = x.offset(image, ib, y, k * g.dilationW() - g.padW());
      columns(args, a, x.block, w, to + k * x.block * args.cRow);
    }
  }

  /** Weights whose inputs lie side by side. */
  private static void columns(TileArgs args, int a, int count, int w, int to) {
    int done = 0;
    while (done < count) {
      int tile = TileArgs.rows(count - done);
      int c = to + done * args.cRow;
      Tiles.run(tile, args, a + done, w, args.initRow == 0 ? 0 : c, c);
      done += tile;
    }
  }

  /** The weights of one output. */
  private void unpack(
      float[] packed, BlockedTensor x, int block, int output, float[] row, FloatBuffer oihw) {
    int taps = g.kernelH() * g.kernelW();
    for (int i = 0; i < g.inChannels(); i++) {
      int tile = (output / block * x.blocks + i / x.block) * taps;
      int from = (tile * x.block + i % x.block) * block + output % block;
      for (int tap = 0; tap < taps; tap++) {
        row[i * taps + tap] = packed[from + tap * x.block * block];
      }
    }
    int length = g.inChannels() * taps;
    oihw.put(output * length, row, 0, length);
  }
}
