package io.camjar.engine.kernel.simd.conv;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.kernel.simd.Epilogue;
import io.camjar.engine.kernel.simd.EpilogueRow;
import io.camjar.engine.kernel.simd.GroupTiles;
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
 * A convolution in groups of few channels, as many of outputs as of inputs: any kernel, stride,
 * padding and dilation, forward and backward to the input.
 *
 * <p>Groups lie side by side in a vector. {@link GroupTiles Tiles} are neighbouring outputs of a
 * row, whose sums stay in registers while the taps go by. Sums run over the taps and, for each,
 * over the channels of the group: as in {@link DirectConv2d}, which adds products with zeros
 * besides.
 */
public final class GroupedConv2d implements PackedConv2d {
  private final int perGroup;
  private final List<Sweep> sweeps = new ArrayList<>();

  /**
   * One sweep with its weights.
   *
   * @param weights {@code [blocks][taps][channels of a group][block]}
   */
  private record Sweep(ConvSweep pass, float[] weights) {}

  private GroupedConv2d(
      Conv2dGeometry g,
      int perGroup,
      List<ConvSweep> passes,
      float[] weights,
      boolean backward,
      PackMemory memory) {
    this.perGroup = perGroup;
    for (ConvSweep pass : passes) {
      sweeps.add(new Sweep(pass, pack(g, perGroup, pass, weights, backward, memory)));
    }
  }

  /** Whether there are tiles for a convolution in so many groups. */
  public static boolean supports(Conv2dGeometry g, int groups) {
    return groups > 1
        && g.inChannels() == g.outChannels()
        && GroupTiles.supports(g.inChannels() / groups);
  }

  /** The forward of these weights, {@code [C, C / groups, kH, kW]}, laid out in this memory. */
  public static GroupedConv2d forward(
      Conv2dGeometry g, int groups, float[] weights, PackMemory memory) {
    return new GroupedConv2d(
        g, g.inChannels() / groups, ConvSweep.forward(g), weights, false, memory);
  }

  /** The backward to the input: from the gradient of the output to that of the input. */
  public static GroupedConv2d backwardInput(
      Conv2dGeometry g, int groups, float[] weights, PackMemory memory) {
    return new GroupedConv2d(
        g, g.inChannels() / groups, ConvSweep.backward(g), weights, true, memory);
  }

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

  @Override
  public Halo halo(int inH, int inW, int outH, int outW) {
    Halo halo = Halo.NONE;
    for (Sweep sweep : sweeps) {
      halo = halo.union(sweep.pass.halo(inH, inW, outH, outW));
    }
    return halo;
  }

  @Override
  public void run(
      BlockedTensor x, BlockedTensor y, Epilogue epilogue, Scratch scratch, Threads threads) {
    if (x.isSmall() || !x.covers(halo(x.height, x.width, y.height, y.width))) {
      throw new IllegalArgumentException("input %s does not fit its convolution".formatted(x));
    }
    for (Sweep sweep : sweeps) {
      int rows = sweep.pass.rows().outputs(y.height);
      int columns = sweep.pass.columns().outputs(y.width);
      if (rows > 0 && columns > 0) {
        TileArgs args = args(sweep, x, y, epilogue);
        RowStrips.run(
            x,
            rows,
            threads,
            (image, block, from, end) -> {
              for (int row = from; row < end; row++) {
                line(sweep.pass, args, x, y, epilogue, image, block, row, columns);
              }
            });
      }
    }
  }

  private static TileArgs args(Sweep sweep, BlockedTensor x, BlockedTensor y, Epilogue epilogue) {
    ConvSweep.Axis across = sweep.pass.columns();
    TileArgs args = new TileArgs();
    args.a = x.data;
    args.aRow = across.step() * x.block;
    args.taps = new int[sweep.pass.taps()];
    int t = 0;
    for (ConvSweep.Tap row : sweep.pass.rows().taps()) {
      for (ConvSweep.Tap column : across.taps()) {
        args.taps[t++] = row.cell() * x.rowPitch + column.cell() * x.block;
      }
    }
    args.w = sweep.weights;
    BlockedTensor residual = epilogue.residual();
    if (residual != null) {
      args.init = residual.data;
      args.initRow = across.stride() * residual.block;
    }
    args.c = y.data;
    args.cRow = across.stride() * y.block;
    return args;
  }

  private void line(
      ConvSweep pass,
      TileArgs args,
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
    int init = residual == null ? 0 : residual.offset(image, block, yRow, yColumn);
    for (int done = 0; done < columns; done += GroupTiles.OUTPUTS) {
      int count = Math.min(GroupTiles.OUTPUTS, columns - done);
      int from = a + done * args.aRow;
      int add = init + done * args.initRow;
      int to = c + done * args.cRow;
      // Both vectors, whatever the block has: what fills it must be zero.
      for (int lane = 0; lane < Lanes.BLOCK; lane += Lanes.COUNT) {
        GroupTiles.run(perGroup, count, args, from + lane, w + lane, add + lane, to + lane);
      }
    }
    EpilogueRow.inPlace(epilogue, y, block, c, stride, columns);
    BlockedTensor mask = epilogue.mask();
    if (mask != null) {
      ReluMask.row(mask, y, image, block, yRow, yColumn, stride, columns);
    }
  }

  @Override
  public long bytes() {
    return sweeps.stream().mapToLong(s -> (long) s.weights.length * Float.BYTES).sum();
  }
}
