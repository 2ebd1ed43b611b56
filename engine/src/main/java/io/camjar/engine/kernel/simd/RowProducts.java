package io.camjar.engine.kernel.simd;

/**
 * Products of F(4, 3) with weights that are transformed in one dimension only, {@code G g}, and
 * multiplied by {@link WinogradF4#rowFactors} in the other: half as many values come from memory,
 * and register tiles transform them in the other dimension with whole numbers.
 *
 * @param packed {@code [blocks][6][inBlocks * block][3][block]}
 * @param inBlocks of input channels
 * @param blocks of output channels
 */
record RowProducts(float[] packed, int inBlocks, int blocks) implements WinogradProducts {
  private static final int POINTS = 6;

  /** Floats of one row's weights for one block of outputs. */
  static int panel(int inBlocks) {
    return Math.multiplyExact(inBlocks * Lanes.BLOCK, 3 * Lanes.BLOCK);
  }

  @Override
  public void multiply(
      TileArgs args, int block, int tiles, int whole, int a, int aPitch, int c, int cPitch) {
    args.w = packed;
    args.aRow = aPitch;
    args.cRow = cPitch;
    int panel = panel(inBlocks);
    for (int row = 0; row < POINTS; row++) {
      int wanted = row < POINTS - 1 ? tiles : whole;
      int groups = (wanted + ColumnTiles.MAX_TILES - 1) / ColumnTiles.MAX_TILES;
      int w = (block % blocks * POINTS + row) * panel;
      int at = a + row * POINTS * aPitch;
      int to = c + row * POINTS * cPitch;
      for (int group = 0; group < groups; group++) {
        int first = wanted * group / groups;
        int count = wanted * (group + 1) / groups - first;
        int skip = first * Lanes.BLOCK;
        ColumnTiles.low(count, args, at + skip, w, to + skip);
        ColumnTiles.high(count, args, at + 3 * aPitch + skip, w, to + 3 * cPitch + skip);
      }
    }
  }
}
