package io.camjar.engine.gpu.device;

/**
 * How many groups of items run a kernel.
 *
 * @param x groups of the first dimension
 * @param y groups of the second
 * @param z groups of the third
 * @param items of a group
 */
public record Grid(int x, int y, int z, int items) {
  /** Items of a group where the kernel does not say. */
  private static final int ITEMS = 128;

  /** Groups up to which more of them, with less to do for each, are faster. */
  private static final int GROUPS = 1 << 14;

  /** Groups for work of so many parts, of which an item may take several in turn. */
  public static Grid each(int parts) {
    int groups = (int) (((long) parts + ITEMS - 1) / ITEMS);
    return new Grid(Math.max(1, Math.min(groups, GROUPS)), 1, 1, ITEMS);
  }
}
