package io.camjar.engine.kernel.simd.conv;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.kernel.simd.Epilogue;
import io.camjar.engine.kernel.simd.EpilogueRow;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.kernel.simd.PackMemory;
import io.camjar.engine.kernel.simd.ReluMask;
import io.camjar.engine.kernel.simd.RowStrips;
import io.camjar.engine.kernel.simd.Scratch;
import io.camjar.engine.kernel.simd.TileArgs;
import io.camjar.engine.threads.Threads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A convolution in groups that lie within a vector, as many of outputs as of inputs: any kernel,
 * stride, padding and dilation, forward and backward to the input. A block of outputs reads the
 * block of inputs of its own number alone, so it is computed line by line.
 */
abstract sealed class LinewiseConv2d implements PackedConv2d
    permits DepthwiseConv2d, GroupedConv2d {
  private final int perGroup;
  private final List<Sweep> sweeps = new ArrayList<>();

  /** The sums of the outputs of one line of one block. */
  interface Line {
    /**
     * Computes them.
     *
     * @param a where the first output's inputs begin
     * @param w where the weights of the block begin
     * @param init where what is added to the first output lies
     * @param c where the first output goes
     */
    void run(int a, int w, int init, int c);
  }

  /**
   * Lays the weights out.
   *
   * @param perGroup channels of a group
   * @param weights {@code [C, perGroup, kH, kW]}
   * @param backward whether it goes from the gradient of the output to that of the input
   */
  LinewiseConv2d(
      Conv2dGeometry g, int perGroup, float[] weights, boolean backward, PackMemory memory) {
    this.perGroup = perGroup;
    for (ConvSweep pass : backward ? ConvSweep.backward(g) : ConvSweep.forward(g)) {
      sweeps.add(new Sweep(pass, pack(g, perGroup, pass, weights, backward, memory)));
    }
  }

  /** {@code [blocks][taps][channels of a group][block]}. */
  private static float[] pack(
      Conv2dGeometry g,
      int perGroup,
      ConvSweep pass,
      float[] weights,
      boolean backward,
      PackMemory memory) {
    int block = Lanes.BLOCK;
    int taps = pass.taps();
    int all = g.kernelH() * g.kernelW();
    float[] packed = memory.take(Lanes.padded(g.inChannels()) * taps * perGroup);
    Arrays.fill(packed, 0);
    int t = 0;
    for (ConvSweep.Tap row : pass.rows().taps()) {
      for (ConvSweep.Tap column : pass.columns().taps()) {
        int tap = row.kernel() * g.kernelW() + column.kernel();
        for (int c = 0; c < g.inChannels(); c++) {
          int inGroup = c % perGroup;
          for (int i = 0; i < perGroup; i++) {
            int kernel = backward ? (c - inGroup + i) * perGroup + inGroup : c * perGroup + i;
            int to = ((c / block * taps + t) * perGroup + i) * block + c % block;
            packed[to] = weights[kernel * all + tap];
          }
        }
        t++;
      }
    }
    return packed;
  }

  /**
   * What computes the lines of a sweep, by several threads.
   *
   * @param args with {@code taps} for all taps, {@code aRow} between the inputs of two outputs; the
   *     line's own from here on
   * @param columns outputs of a line
   */
  abstract Line line(ConvSweep pass, TileArgs args, int columns);

  @Override
  public final Halo halo(int inH, int inW, int outH, int outW) {
    return Sweep.halo(sweeps, inH, inW, outH, outW);
  }

  @Override
  public final long bytes() {
    return Sweep.bytes(sweeps);
  }

  @Override
  public final void run(
      BlockedTensor x, BlockedTensor y, Epilogue epilogue, Scratch scratch, Threads threads) {
    if (x.isSmall() || !x.covers(halo(x.height, x.width, y.height, y.width))) {
      throw new IllegalArgumentException("input %s does not fit its convolution".formatted(x));
    }
    for (Sweep sweep : sweeps) {
      ConvSweep pass = sweep.pass();
      int rows = pass.rows().outputs(y.height);
      int columns = pass.columns().outputs(y.width);
      if (rows > 0 && columns > 0) {
        Line line = line(pass, args(sweep, x, y, epilogue), columns);
        RowStrips.run(
            x,
            rows,
            threads,
            (image, block, from, end) -> {
              for (int row = from; row < end; row++) {
                run(pass, line, x, y, epilogue, image, block, row, columns);
              }
            });
      }
    }
  }

  private static TileArgs args(Sweep sweep, BlockedTensor x, BlockedTensor y, Epilogue epilogue) {
    ConvSweep.Axis across = sweep.pass().columns();
    TileArgs args = new TileArgs();
    args.a = x.data;
    args.aRow = across.step() * x.block;
    args.taps = new int[sweep.pass().taps()];
    int t = 0;
    for (ConvSweep.Tap row : sweep.pass().rows().taps()) {
      for (ConvSweep.Tap column : across.taps()) {
        args.taps[t++] = row.cell() * x.rowPitch + column.cell() * x.block;
      }
    }
    args.w = sweep.weights();
    BlockedTensor residual = epilogue.residual();
    if (residual != null) {
      args.init = residual.data;
      args.initRow = across.stride() * residual.block;
    }
    args.c = y.data;
    args.cRow = across.stride() * y.block;
    return args;
  }

  private void run(
      ConvSweep pass,
      Line line,
      BlockedTensor x,
      BlockedTensor y,
      Epilogue epilogue,
      int image,
      int block,
      int row,
      int columns) {
    int yRow = pass.rows().first() + row * pass.rows().stride();
    int yColumn = pass.columns().first();
    int stride = pass.columns().stride();
    int a = x.offset(image, block, row * pass.rows().step(), 0);
    int c = y.offset(image, block, yRow, yColumn);
    int w = block * pass.taps() * perGroup * Lanes.BLOCK;
    BlockedTensor residual = epilogue.residual();
    line.run(a, w, residual == null ? 0 : residual.offset(image, block, yRow, yColumn), c);
    EpilogueRow.inPlace(epilogue, y, block, c, stride, columns);
    BlockedTensor mask = epilogue.mask();
    if (mask != null) {
      ReluMask.row(mask, y, image, block, yRow, yColumn, stride, columns);
    }
  }
}
