package io.camjar.engine.kernel.simd.winograd;

import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.kernel.simd.TileArgs;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of F(4, 3) with weights that nobody has transformed. The kernels of some inputs at a
 * time are transformed along their columns into a panel in the core's own cache, {@code G g}; the
 * register tiles transform them along the rows, {@code G g G'}, as those of {@link WinogradRowGemm}
 * do.
 *
 * <p>The weights come multiplied by the factors of {@link WinogradF4#rowFactors} in both
 * dimensions, in double precision and rounded once. What is left of {@code G} are powers of two and
 * small integers.
 *
 * @param packed {@code [blocks][inBlocks][3 rows][block][3 columns][block]}, outputs last
 * @param inBlocks of input channels
 * @param blocks of output channels
 */
record WinogradTapGemm(float[] packed, int inBlocks, int blocks) implements WinogradProducts {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  private static final int POINTS = 6;

  /** Floats of one row of the kernels of one input. */
  private static final int ROW = 3 * Lanes.BLOCK;

  /** Floats of one row of the kernels of a block of inputs. */
  private static final int PLANE = Lanes.BLOCK * ROW;

  /** Blocks of inputs of a panel, which is 288 KiB with vectors of 512 bits. */
  private static final int NEAR = 4;

  /** Floats between two rows of a panel beyond what they take, so that they fall in other sets. */
  private static final int SKEW = 16;

  /** Floats before the first weight, so that no vector lies on two cache lines. */
  private static final int LEAD = 12;

  /** Floats of a cache line. */
  private static final int LINE = 16;

  /** Floats of all weights of some blocks of outputs. */
  static int floats(int inBlocks, int blocks) {
    return Math.addExact(LEAD, Math.multiplyExact(blocks, Math.multiplyExact(inBlocks, 3 * PLANE)));
  }

  /** Where the kernels of a block of outputs and a block of inputs begin. */
  static int offset(int inBlocks, int block, int inBlock) {
    return LEAD + (block * inBlocks + inBlock) * 3 * PLANE;
  }

  /** Where a value of the kernels of an input lies behind the beginning of its block's. */
  static int offset(int tap, int input) {
    return tap / 3 * PLANE + input * ROW + tap % 3 * Lanes.BLOCK;
  }

  /** Floats of a panel, wherever it begins. */
  static int room(int inBlocks) {
    return LINE + LEAD + POINTS * pitch(Math.min(NEAR, inBlocks));
  }

  private static int pitch(int inputBlocks) {
    return inputBlocks * PLANE + SKEW;
  }

  @Override
  public void multiply(
      TileArgs args,
      int block,
      TileGroups groups,
      int group,
      int endGroup,
      int whole,
      int c,
      int cPitch) {
    int depth = args.depth;
    float[] panel = args.c;
    int w = (c + POINTS * POINTS * cPitch + LINE - 1) / LINE * LINE + LEAD;
    args.w = panel;
    args.aRow = groups.pitch();
    args.cRow = cPitch;
    int parts = (inBlocks + NEAR - 1) / NEAR;
    for (int part = 0; part < parts; part++) {
      int first = inBlocks * part / parts;
      int end = inBlocks * (part + 1) / parts;
      int pitch = pitch(end - first);
      for (int in = first; in < end; in++) {
        transform(offset(inBlocks, block % blocks, in), panel, w + (in - first) * PLANE, pitch);
      }
      boolean adds = part > 0;
      args.init = adds ? panel : TileArgs.ZEROS;
      args.initRow = adds ? cPitch : 0;
      args.depth = (end - first) * Lanes.BLOCK;
      for (int row = 0; row < POINTS; row++) {
        int a = row * POINTS * args.aRow;
        int to = c + row * POINTS * cPitch;
        for (int g = group; g < endGroup; g++) {
          int rows = row < POINTS - 1 ? groups.rows(g) : groups.rows(g, whole);
          WinogradRowGemm.tiles(args, rows, a + groups.offset(g, first), w + row * pitch, adds, to);
          to += TileGroups.ROWS;
        }
      }
    }
    args.depth = depth;
  }

  /** The kernels of a block of inputs along their columns: 4 times the rows of {@code G g}. */
  private void transform(int from, float[] panel, int to, int pitch) {
    FloatVector four = FloatVector.broadcast(S, 4);
    int to1 = to + pitch;
    int to2 = to1 + pitch;
    int to3 = to2 + pitch;
    int to4 = to3 + pitch;
    int to5 = to4 + pitch;
    for (int i = 0; i < PLANE; i += Lanes.COUNT) {
      FloatVector k0 = FloatVector.fromArray(S, packed, from + i);
      FloatVector k1 = FloatVector.fromArray(S, packed, from + i + PLANE);
      FloatVector k2 = FloatVector.fromArray(S, packed, from + i + 2 * PLANE);
      k0.mul(3 / 4f).intoArray(panel, to + i);
      FloatVector even = k0.add(k2);
      even.add(k1).mul(-1 / 2f).intoArray(panel, to1 + i);
      even.sub(k1).mul(-1 / 2f).intoArray(panel, to2 + i);
      even = k2.fma(four, k0);
      FloatVector odd = k1.add(k1);
      even.add(odd).mul(1 / 8f).intoArray(panel, to3 + i);
      even.sub(odd).mul(1 / 8f).intoArray(panel, to4 + i);
      k2.mul(27 / 16f).intoArray(panel, to5 + i);
    }
  }
}
