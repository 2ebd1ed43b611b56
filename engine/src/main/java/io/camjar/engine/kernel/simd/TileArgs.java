package io.camjar.engine.kernel.simd;

/**
 * What all tiles of one matrix product share; the offsets of a tile are passed separately.
 *
 * <p>A tile computes {@code c[r][v] = init[r][v] + sum over k of a[r][k] * w[k][v]} for its rows
 * {@code r} and a block of columns {@code v}. The steps of {@code k} are cut into taps of {@code
 * tapLength}: within a tap, {@code a} advances by {@code aStep}; each tap begins at {@code a0 +
 * taps[t]}, and between two taps {@code w} skips {@code wGap}. The rows of a tile that is cut
 * between two lines of an image have a gap more between these: {@code aGap}, {@code initGap} and
 * {@code cGap}.
 */
public final class TileArgs {
  /** Longer than the rows of any tile that reads them as its first sums. */
  public static final float[] ZEROS = new float[4 * Lanes.BLOCK];

  /** Steps that are summed in one go. */
  public static final int PART = 256;

  public float[] a = ZEROS;
  public int aRow;
  public int aGap;
  public int aStep = 1;

  /** One more than there are taps: the last is read and not used. */
  public int[] taps = new int[1];

  public int tapLength;
  public int depth;
  public float[] w = ZEROS;
  public int wGap;

  /** What is fetched meanwhile, a block for every few steps from {@code nextAt}; or zeros. */
  public float[] next = ZEROS;

  public int nextAt;

  /** What was fetched comes together here, so that no compiler leaves it out. */
  int seen;

  public float[] init = ZEROS;
  public int initRow;
  public int initGap;
  public float[] c = ZEROS;
  public int cRow;
  public int cGap;

  /** How many of the remaining rows the next tile takes: few sizes, none very small. */
  public static int rows(int remaining) {
    if (remaining <= Lanes.MAX_ROWS) {
      return remaining;
    }
    return remaining >= 2 * Lanes.MAX_ROWS ? Lanes.MAX_ROWS : (remaining + 1) / 2;
  }
}
