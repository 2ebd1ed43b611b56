package io.camjar.engine.kernel.simd.conv;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.DepthwiseTiles;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.kernel.simd.PackMemory;
import io.camjar.engine.kernel.simd.TileArgs;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A convolution of each channel by itself.
 *
 * <p>A vector is neighbouring channels of one place. A tile is eight outputs of a row, whose sums
 * stay in registers while the taps go by: each tap loads its weights once and eight inputs from
 * where they lie. Usual kernels have {@link DepthwiseTiles tiles of their own}, which load each
 * input once for all taps of a row. Sums run in the order of the taps.
 */
public final class DepthwiseConv2d extends LinewiseConv2d {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  /** Outputs of a tile. */
  private static final int TILE = 8;

  private DepthwiseConv2d(Conv2dGeometry g, float[] weights, boolean backward, PackMemory memory) {
    super(g, 1, weights, backward, memory);
  }

  /** Whether a convolution is one of each channel by itself. */
  public static boolean supports(Conv2dGeometry g, int groups) {
    return groups > 1 && groups == g.inChannels() && groups == g.outChannels();
  }

  /** The forward of these weights, {@code [C, 1, kH, kW]}, laid out in this memory. */
  public static DepthwiseConv2d forward(Conv2dGeometry g, float[] weights, PackMemory memory) {
    return new DepthwiseConv2d(g, weights, false, memory);
  }

  /** The backward to the input: from the gradient of the output to that of the input. */
  public static DepthwiseConv2d backwardInput(
      Conv2dGeometry g, float[] weights, PackMemory memory) {
    return new DepthwiseConv2d(g, weights, true, memory);
  }

  @Override
  Line line(ConvSweep pass, TileArgs args, int columns) {
    int[] taps = args.taps;
    int width = pass.columns().taps().size();
    int step = pass.columns().step();
    boolean usual =
        Lanes.hasManyRegisters()
            && pass.columns().contiguous()
            && DepthwiseTiles.supports(width, step);
    int tiled = usual ? columns - columns % DepthwiseTiles.OUTPUTS : 0;
    if (usual) {
      args.taps = firstOfRows(taps, width);
    }
    return (a, w, init, c) -> {
      for (int done = 0; done < tiled; done += DepthwiseTiles.OUTPUTS) {
        for (int lane = 0; lane < Lanes.BLOCK; lane += Lanes.COUNT) {
          int from = a + done * args.aRow + lane;
          int add = init + done * args.initRow + lane;
          int to = c + done * args.cRow + lane;
          DepthwiseTiles.run(width, step, args, from, w + lane, add, to);
        }
      }
      for (int done = tiled; done < columns; done += TILE) {
        int count = Math.min(TILE, columns - done);
        for (int lane = 0; lane < Lanes.BLOCK; lane += Lanes.COUNT) {
          int from = a + done * args.aRow + lane;
          int add = init + done * args.initRow + lane;
          int to = c + done * args.cRow + lane;
          tile(args, taps, count, from, w + lane, add, to);
        }
      }
    };
  }

  private static int[] firstOfRows(int[] taps, int width) {
    int[] rows = new int[taps.length / width];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = taps[i * width];
    }
    return rows;
  }

  /** Up to eight outputs; those beyond {@code count} are computed from the last one's inputs. */
  private static void tile(TileArgs args, int[] taps, int count, int a, int w0, int i0, int c) {
    float[] x = args.a;
    float[] w = args.w;
    float[] init = args.init;
    float[] y = args.c;
    int step = args.aRow;
    int iStep = args.initRow;
    int cStep = args.cRow;
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
