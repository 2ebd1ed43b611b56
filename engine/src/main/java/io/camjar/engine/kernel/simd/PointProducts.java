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
      TileArgs args, int block, int tiles, int whole, int a, int aPitch, int c, int cPitch) {
    args.w = packed;
    args.aRow = Lanes.BLOCK;
    args.cRow = Lanes.BLOCK;
    int pitch = pitch(inBlocks, blocks);
    int panel = block % blocks * panel(inBlocks);
    for (int point = 0; point < points * points; point++) {
      int wanted = point < points * (points - 1) ? tiles : whole;
      int done = 0;
      while (done < wanted) {
        int rows = TileArgs.rows(wanted - done);
        int skip = done * Lanes.BLOCK;
        Tiles.run(
            rows,
            args,
            a + point * aPitch + skip,
            point * pitch + panel,
            0,
            c + point * cPitch + skip);
        done += rows;
      }
    }
  }
}
