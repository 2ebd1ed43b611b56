package io.camjar.engine.kernel.simd.winograd;

import io.camjar.engine.kernel.simd.FewRows;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.kernel.simd.TileArgs;
import io.camjar.engine.kernel.simd.Tiles;

/**
 * Products with weights that are transformed in both dimensions: for each point a matrix product.
 *
 * @param points of a tile along one dimension
 * @param packed {@code [blocks][points^2][inBlocks * block][block]}
 * @param inBlocks of input channels
 * @param blocks of output channels
 */
record WinogradGemm(int points, float[] packed, int inBlocks, int blocks)
    implements WinogradProducts {
  /** Floats between two points' weights beyond what they take, so that they fall in other sets. */
  private static final int SKEW = 16;

  /**
   * Floats before the first weight: large arrays begin 16 bytes behind a cache line, and no vector
   * shall lie on two.
   */
  private static final int LEAD = 12;

  /** Floats of weights that come from afar for each pass. */
  private static final int HEAVY = 256 * 1024;

  /** Groups of tiles that fetch the next point's weights, each its share. */
  private static final int FETCHERS = FewRows.CHAIN;

  /** Floats from one point's weights for a block of outputs to the next point's. */
  static int pitch(int inBlocks) {
    return Math.multiplyExact(inBlocks * Lanes.BLOCK, Lanes.BLOCK) + SKEW;
  }

  /**
   * Where the weights of a block of outputs begin; of the block behind the last, where they end.
   */
  static int offset(int points, int inBlocks, int block) {
    return Math.addExact(LEAD, Math.multiplyExact(block * points * points, pitch(inBlocks)));
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
    args.w = packed;
    int w = offset(points, inBlocks, block % blocks);
    int pitch = pitch(inBlocks);
    for (int point = 0; point < points * points; point++) {
      boolean last = point >= points * (points - 1);
      int a = point * groups.pitch();
      int to = c + point * cPitch;
      for (int g = group; g < endGroup; g++) {
        int rows = last ? groups.rows(g, whole) : groups.rows(g);
        if (rows > 0) {
          fetch(args, w + (point + 1) * pitch, g - group);
          Tiles.run(rows, args, a + groups.offset(g, 0), w + point * pitch, 0, to);
        }
        to += TileGroups.ROWS;
      }
    }
  }

  /** Has a tile fetch a share of the weights from {@code next} on, which come soon. */
  private void fetch(TileArgs args, int next, int share) {
    int floats = args.depth * Lanes.BLOCK;
    boolean afar = packed.length > HEAVY && next + floats <= packed.length;
    args.next = afar && share < FETCHERS && !Lanes.hasManyRegisters() ? packed : TileArgs.ZEROS;
    args.nextAt = next + share * (floats / FETCHERS);
  }
}
