package io.camjar.engine.kernel.simd.winograd;

import io.camjar.engine.kernel.simd.ColumnTiles;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.kernel.simd.TileArgs;

/**
 * Products of F(4, 3) with weights that are transformed in one dimension only, {@code G g}, and
 * multiplied by {@link WinogradF4#rowFactors} in the other: half as many values come from memory,
 * and register tiles transform them in the other dimension with whole numbers.
 *
 * @param packed {@code [blocks][6][inBlocks * block][3][block]}
 * @param inBlocks of input channels
 * @param blocks of output channels
 */
record WinogradRowGemm(float[] packed, int inBlocks, int blocks) implements WinogradProducts {
  private static final int POINTS = 6;

  /** Floats of one row's weights for one block of outputs. */
  static int panel(int inBlocks) {
    return Math.multiplyExact(inBlocks * Lanes.BLOCK, 3 * Lanes.BLOCK);
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
    args.aRow = groups.pitch();
    args.cRow = cPitch;
    args.init = TileArgs.ZEROS;
    args.initRow = 0;
    int panel = panel(inBlocks);
    for (int row = 0; row < POINTS; row++) {
      int w = (block % blocks * POINTS + row) * panel;
      int a = row * POINTS * args.aRow;
      int to = c + row * POINTS * cPitch;
      for (int g = group; g < endGroup; g++) {
        int rows = row < POINTS - 1 ? groups.rows(g) : groups.rows(g, whole);
        tiles(args, rows, a + groups.offset(g, 0), w, false, to);
        to += TileGroups.ROWS;
      }
    }
  }

  /**
   * The tiles of a group, as many together as their sums fit the registers.
   *
   * @param adds whether to what lies at {@code c}; if not, to {@link TileArgs#ZEROS}
   */
  static void tiles(TileArgs args, int rows, int a, int w, boolean adds, int c) {
    int parts = (rows + ColumnTiles.MAX_TILES - 1) / ColumnTiles.MAX_TILES;
    for (int part = 0; part < parts; part++) {
      int first = rows * part / parts;
      int count = rows * (part + 1) / parts - first;
      int skip = first * Lanes.BLOCK;
      int low = c + skip;
      int high = low + 3 * args.cRow;
      ColumnTiles.low(count, args, a + skip, w, adds ? low : 0, low);
      ColumnTiles.high(count, args, a + 3 * args.aRow + skip, w, adds ? high : 0, high);
    }
  }
}
