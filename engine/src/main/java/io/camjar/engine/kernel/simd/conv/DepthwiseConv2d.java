package io.camjar.engine.kernel.simd.conv;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.kernel.simd.DepthwiseTiles;
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
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A convolution of each channel by itself: any kernel, stride, padding and dilation, forward and
 * backward to the input.
 *
 * <p>A vector is neighbouring channels of one place. A tile is eight outputs of a row, whose sums
 * stay in registers while the taps go by: each tap loads its weights once and eight inputs from
 * where they lie. Usual kernels have {@link DepthwiseTiles tiles of their own}, which load each
 * input once for all taps of a row. Sums run in the order of the taps.
 */
public final class DepthwiseConv2d implements PackedConv2d {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  /** Outputs of a tile. */
  private static final int TILE = 8;

  private final List<Sweep> sweeps = new ArrayList<>();

  /**
   * One sweep with its weights.
   *
   * @param weights {@code [blocks][taps][block]}
   */
  private record Sweep(ConvSweep pass, float[] weights) {}

  private DepthwiseConv2d(
      Conv2dGeometry g, List<ConvSweep> passes, float[] weights, PackMemory memory) {
    for (ConvSweep pass : passes) {
      sweeps.add(new Sweep(pass, pack(g, pass, weights, memory)));
    }
  }

  /** Whether a convolution is one of each channel by itself. */
  public static boolean supports(Conv2dGeometry g, int groups) {
    return groups > 1 && groups == g.inChannels() && groups == g.outChannels();
  }

  /** The forward of these weights, {@code [C, 1, kH, kW]}, laid out in this memory. */
  public static DepthwiseConv2d forward(Conv2dGeometry g, float[] weights, PackMemory memory) {
    return new DepthwiseConv2d(g, ConvSweep.forward(g), weights, memory);
  }

  /** The backward to the input: from the gradient of the output to that of the input. */
  public static DepthwiseConv2d backwardInput(
      Conv2dGeometry g, float[] weights, PackMemory memory) {
    return new DepthwiseConv2d(g, ConvSweep.backward(g), weights, memory);
  }

  private static float[] pack(
      Conv2dGeometry g, ConvSweep pass, float[] weights, PackMemory memory) {
    int block = Lanes.BLOCK;
    int taps = pass.taps();
    int all = g.kernelH() * g.kernelW();
    float[] packed = memory.take(Lanes.padded(g.inChannels()) * taps);
    Arrays.fill(packed, 0);
    int t = 0;
    for (ConvSweep.Tap row : pass.rows().taps()) {
      for (ConvSweep.Tap column : pass.columns().taps()) {
        int tap = row.kernel() * g.kernelW() + column.kernel();
        for (int c = 0; c < g.inChannels(); c++) {
          packed[(c / block * taps + t) * block + c % block] = weights[c * all + tap];
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
        Lines lines = new Lines(sweep, x, y, epilogue, columns);
        RowStrips.run(x, rows, threads, lines::run);
      }
    }
  }

  @Override
  public long bytes() {
    return sweeps.stream().mapToLong(s -> (long) s.weights.length * Float.BYTES).sum();
  }

  /** The outputs of one sweep, line by line. */
  private static final class Lines {
    private final ConvSweep pass;
    private final float[] weights;
    private final BlockedTensor x;
    private final BlockedTensor y;
    private final Epilogue epilogue;
    private final int columns;
    private final int[] taps;

    /** What tiles of a usual kernel share. */
    private final TileArgs args = new TileArgs();

    /** Outputs of each line that those tiles compute. */
    private final int tiled;

    Lines(Sweep sweep, BlockedTensor x, BlockedTensor y, Epilogue epilogue, int columns) {
      this.pass = sweep.pass;
      this.weights = sweep.weights;
      this.x = x;
      this.y = y;
      this.epilogue = epilogue;
      this.columns = columns;
      this.taps = new int[pass.taps()];
      int t = 0;
      for (ConvSweep.Tap row : pass.rows().taps()) {
        for (ConvSweep.Tap column : pass.columns().taps()) {
          taps[t++] = row.cell() * x.rowPitch + column.cell() * x.block;
        }
      }
      ConvSweep.Axis across = pass.columns();
      boolean usual =
          Lanes.hasManyRegisters()
              && across.contiguous()
              && DepthwiseTiles.supports(across.taps().size(), across.step());
      this.tiled = usual ? columns - columns % DepthwiseTiles.OUTPUTS : 0;
      BlockedTensor residual = epilogue.residual();
      args.a = x.data;
      // A sweep of outputs that no input reaches has no taps.
      args.taps = new int[usual ? pass.rows().taps().size() : 0];
      for (int i = 0; i < args.taps.length; i++) {
        args.taps[i] = taps[i * across.taps().size()];
      }
      args.w = weights;
      args.init = residual == null ? TileArgs.ZEROS : residual.data;
      args.initRow = residual == null ? 0 : across.stride() * residual.block;
      args.c = y.data;
      args.cRow = across.stride() * y.block;
    }

    void run(int image, int block, int from, int end) {
      for (int row = from; row < end; row++) {
        run(image, block, row);
      }
    }

    private void run(int image, int block, int row) {
      int yRow = pass.rows().first() + row * pass.rows().stride();
      int yColumn = pass.columns().first();
      int stride = pass.columns().stride();
      int a = x.offset(image, block, row * pass.rows().step(), 0);
      int c = y.offset(image, block, yRow, yColumn);
      int w = block * taps.length * Lanes.BLOCK;
      int aStep = pass.columns().step() * x.block;
      int cStep = stride * y.block;
      BlockedTensor residual = epilogue.residual();
      float[] init = residual == null ? TileArgs.ZEROS : residual.data;
      int i0 = residual == null ? 0 : residual.offset(image, block, yRow, yColumn);
      int iStep = residual == null ? 0 : stride * residual.block;
      for (int done = 0; done < tiled; done += DepthwiseTiles.OUTPUTS) {
        tiles(a + done * aStep, w, i0 + done * iStep, c + done * cStep);
      }
      for (int done = tiled; done < columns; done += TILE) {
        int count = Math.min(TILE, columns - done);
        for (int lane = 0; lane < Lanes.BLOCK; lane += Lanes.COUNT) {
          int from = a + done * aStep + lane;
          int at = i0 + done * iStep + lane;
          int to = c + done * cStep + lane;
          tile(
              x.data, from, aStep, taps, weights, w + lane, init, at, iStep, y.data, to, cStep,
              count);
        }
      }
      EpilogueRow.inPlace(epilogue, y, block, c, stride, columns);
      BlockedTensor mask = epilogue.mask();
      if (mask != null) {
        ReluMask.row(mask, y, image, block, yRow, yColumn, stride, columns);
      }
    }

    private void tiles(int a, int w, int i, int c) {
      int width = pass.columns().taps().size();
      int step = pass.columns().step();
      for (int lane = 0; lane < Lanes.BLOCK; lane += Lanes.COUNT) {
        DepthwiseTiles.run(width, step, args, a + lane, w + lane, i + lane, c + lane);
      }
    }

    /** Up to eight outputs; those beyond {@code count} are computed from the last one's inputs. */
    private static void tile(
        float[] x,
        int a,
        int step,
        int[] taps,
        float[] w,
        int w0,
        float[] init,
        int i0,
        int iStep,
        float[] y,
        int c,
        int cStep,
        int count) {
      int last = (count - 1) * step;
      int a1 = Math.min(step, last);
      int a2 = Math.min(2 * step, last);
      int a3 = Math.min(3 * step, last);
      int a4 = Math.min(4 * step, last);
      int a5 = Math.min(5 * step, last);
      int a6 = Math.min(6 * step, last);
      FloatVector s0 = FloatVector.zero(S);
      FloatVector s1 = FloatVector.zero(S);
      FloatVector s2 = FloatVector.zero(S);
      FloatVector s3 = FloatVector.zero(S);
      FloatVector s4 = FloatVector.zero(S);
      FloatVector s5 = FloatVector.zero(S);
      FloatVector s6 = FloatVector.zero(S);
      FloatVector s7 = FloatVector.zero(S);
      for (int t = 0; t < taps.length; t++) {
        int at = a + taps[t];
        FloatVector k = FloatVector.fromArray(S, w, w0 + t * Lanes.BLOCK);
        s0 = FloatVector.fromArray(S, x, at).fma(k, s0);
        s1 = FloatVector.fromArray(S, x, at + a1).fma(k, s1);
        s2 = FloatVector.fromArray(S, x, at + a2).fma(k, s2);
        s3 = FloatVector.fromArray(S, x, at + a3).fma(k, s3);
        s4 = FloatVector.fromArray(S, x, at + a4).fma(k, s4);
        s5 = FloatVector.fromArray(S, x, at + a5).fma(k, s5);
        s6 = FloatVector.fromArray(S, x, at + a6).fma(k, s6);
        s7 = FloatVector.fromArray(S, x, at + last).fma(k, s7);
      }
      // The last output's is the eighth sum, however many there are.
      int end = count - 1;
      store(s7, init, i0 + end * iStep, y, c + end * cStep);
      if (count > 1) {
        store(s0, init, i0, y, c);
      }
      if (count > 2) {
        store(s1, init, i0 + iStep, y, c + cStep);
      }
      if (count > 3) {
        store(s2, init, i0 + 2 * iStep, y, c + 2 * cStep);
      }
      if (count > 4) {
        store(s3, init, i0 + 3 * iStep, y, c + 3 * cStep);
      }
      if (count > 5) {
        store(s4, init, i0 + 4 * iStep, y, c + 4 * cStep);
      }
      if (count > 6) {
        store(s5, init, i0 + 5 * iStep, y, c + 5 * cStep);
      }
      if (count > 7) {
        store(s6, init, i0 + 6 * iStep, y, c + 6 * cStep);
      }
    }

    private static void store(FloatVector sum, float[] init, int i, float[] y, int c) {
      sum.add(FloatVector.fromArray(S, init, i)).intoArray(y, c);
    }
  }
}
