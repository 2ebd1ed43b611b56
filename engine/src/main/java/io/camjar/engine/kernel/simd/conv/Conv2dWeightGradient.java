package io.camjar.engine.kernel.simd.conv;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.kernel.simd.Scratch;
import io.camjar.engine.kernel.simd.TileArgs;
import io.camjar.engine.kernel.simd.Tiles;
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
  private final int groups;

  /** For convolutions of this shape. */
  public Conv2dWeightGradient(Conv2dGeometry geometry) {
    this(geometry, 1);
  }

  /** For convolutions of this shape in groups. */
  public Conv2dWeightGradient(Conv2dGeometry geometry, int groups) {
    this.g = geometry;
    this.groups = groups;
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
   * @param oihw set to the gradient, {@code [O, I / groups, kH, kW]}
   */
  public void run(
      BlockedTensor dy, BlockedTensor x, FloatBuffer oihw, Scratch scratch, Threads threads) {
    if (!x.covers(halo(x.height, x.width, dy.height, dy.width))) {
      throw new IllegalArgumentException("input %s lacks its border".formatted(x));
    }
    InputBlocks read = InputBlocks.of(g.inChannels(), g.outChannels(), groups, x.block);
    // [O / block][blocks that are read][kH][kW][x.block][block]
    int kernelRow = g.kernelW() * x.block * dy.block;
    int perBlock = read.count() * g.kernelH();
    int outputs = g.inChannels() / groups * g.kernelH() * g.kernelW();
    scratch.reserve(Math.multiplyExact(dy.blocks * perBlock, kernelRow), threads.count(), outputs);
    float[] packed = scratch.common();
    int rows = Math.min(dy.height, (TileArgs.PART + dy.width - 1) / dy.width);
    int perImage = (dy.height + rows - 1) / rows;
    int parts = x.batch * perImage;
    threads.run(
        dy.blocks * perBlock,
        (task, worker) -> {
          int outBlock = task / perBlock;
          int inBlock = read.first()[outBlock] + task % perBlock / g.kernelH();
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
        g.outChannels(),
        (o, worker) -> unpack(packed, read, x.block, dy.block, o, scratch.own(worker), oihw));
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
      float[] packed,
      InputBlocks read,
      int inBlock,
      int block,
      int output,
      float[] row,
      FloatBuffer oihw) {
    int taps = g.kernelH() * g.kernelW();
    int inputs = g.inChannels() / groups;
    int firstInput = output / (g.outChannels() / groups) * inputs;
    for (int i = 0; i < inputs; i++) {
      int input = firstInput + i;
      int among = input / inBlock - read.first()[output / block];
      int tile = (output / block * read.count() + among) * taps;
      int from = (tile * inBlock + input % inBlock) * block + output % block;
      for (int tap = 0; tap < taps; tap++) {
        row[i * taps + tap] = packed[from + tap * inBlock * block];
      }
    }
    int length = inputs * taps;
    oihw.put(output * length, row, 0, length);
  }
}
