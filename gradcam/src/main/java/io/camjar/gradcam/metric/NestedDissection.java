package io.camjar.gradcam.metric;

/**
 * The order in which a grid's cells are eliminated so that a sparse factor of a matrix that joins
 * neighbours stays small: both halves first, then the line between them, and each half likewise
 * (George 1973, Nested dissection of a regular finite element mesh). The factor of n cells then has
 * O(n log n) entries, where row by row it has O(n^1.5).
 */
final class NestedDissection {
  /** Sides up to which a block is eliminated row by row. */
  private static final int SMALLEST = 3;

  private final int width;
  private final int[] order;
  private int count;

  private NestedDissection(int height, int width) {
    this.width = width;
    this.order = new int[height * width];
  }

  /** The cells of a grid, {@code row * width + column} each, first eliminated first. */
  static int[] order(int height, int width) {
    NestedDissection dissection = new NestedDissection(height, width);
    dissection.add(0, height, 0, width);
    return dissection.order;
  }

  private void add(int top, int bottom, int left, int right) {
    int height = bottom - top;
    int across = right - left;
    if (height <= SMALLEST && across <= SMALLEST) {
      rows(top, bottom, left, right);
    } else if (height >= across) {
      int middle = (top + bottom) / 2;
      add(top, middle, left, right);
      add(middle + 1, bottom, left, right);
      rows(middle, middle + 1, left, right);
    } else {
      int middle = (left + right) / 2;
      add(top, bottom, left, middle);
      add(top, bottom, middle + 1, right);
      rows(top, bottom, middle, middle + 1);
    }
  }

  private void rows(int top, int bottom, int left, int right) {
    for (int row = top; row < bottom; row++) {
      for (int column = left; column < right; column++) {
        order[count++] = row * width + column;
      }
    }
  }
}
