package io.camjar.engine.kernel.simd;

/**
 * Products with weights that are transformed in both dimensions: for each point a matrix product.
 *
 * @param points of a tile along one dimension
 * @param packed {@code [points^2][blocks][inBlocks * block][block]}
 * @param inBlocks of input channels
 * @param blocks of output channels
 */
record PointProducts(int points, float[] packed, int inBlocks, int blocks)
    implements WinogradProducts {
  /** Floats between two points' weights beyond what they take, so that they fall in other sets. */
  private static final int SKEW = 16;

  /** Floats of one point's weights for one block of outputs. */
  static int panel(int inBlocks) {
    return Math.multiplyExact(inBlocks * Lanes.BLOCK, Lanes.BLOCK);
  }

  /** Floats from one point's weights to the next point's. */
  static int pitch(int inBlocks, int blocks) {
    return Math.multiplyExact(blocks, panel(inBlocks)) + SKEW;
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
    int panel = block % blocks * panel(inBlocks);
    int pitch = pitch(inBlocks, blocks);
    for (int point = 0; point < points * points; point++) {
      boolean last = point >= points * (points - 1);
      int a = point * groups.pitch();
      int to = c + point * cPitch;
      for (int g = group; g < endGroup; g++) {
        int rows = last ? groups.rows(g, whole) : groups.rows(g);
        if (rows > 0) {
          Tiles.run(rows, args, a + groups.offset(g, 0), point * pitch + panel, 0, to);
        }
        to += TileGroups.ROWS;
      }
    }
  }
}
