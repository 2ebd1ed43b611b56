package io.camjar.engine.kernel.simd;

import io.camjar.engine.threads.Threads;

/**
 * The rows of an image's blocks in the order in which convolutions before and behind compute them,
 * so that a thread finds in its own cache what it has written there: on a large map strip by strip
 * of rows, in a strip block by block, on a small one block by block.
 */
public final class RowStrips {
  /** Strips of rows that an image is cut into. */
  public static final int STRIPS = 14;

  private RowStrips() {}

  /** What is done for some neighbouring rows of a block. */
  @FunctionalInterface
  public interface Rows {

    /**
     * Does the work of some rows.
     *
     * @param from the first
     * @param end behind the last
     */
    void run(int image, int block, int from, int end);
  }

  /** Rows of a strip, if an image has so many. */
  public static int strip(int rows) {
    int strips = Math.min(rows, STRIPS);
    return (rows + strips - 1) / strips;
  }

  /**
   * Runs every row of every block.
   *
   * @param x what is read: a map of more places than channels is a large one, whose 1x1
   *     convolutions have fewer weights than values
   * @param rows rows of each block of what is written, which has as many blocks
   */
  public static void run(BlockedTensor x, int rows, Threads threads, Rows work) {
    int blocks = x.blocks;
    int strip = x.height * x.width > blocks * x.block ? strip(rows) : rows;
    threads.run(
        x.batch * blocks * rows,
        blocks * strip,
        1,
        (from, end, worker) -> {
          for (int number = from; number < end; ) {
            int image = number / (blocks * rows);
            int inImage = number % (blocks * rows);
            int above = inImage / (blocks * strip) * strip;
            int inStrip = Math.min(strip, rows - above);
            int place = inImage - above * blocks;
            int row = place % inStrip;
            int count = Math.min(end - number, inStrip - row);
            work.run(image, place / inStrip, above + row, above + row + count);
            number += count;
          }
        });
  }
}
