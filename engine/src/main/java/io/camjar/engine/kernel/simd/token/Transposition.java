package io.camjar.engine.kernel.simd.token;

import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.threads.Threads;

/** Matrices in blocks of columns, {@code [columns / block][row][block]}, transposed. */
public final class Transposition {
  private Transposition() {}

  /** {@code y = x'} for each image of one row: its places become channels. */
  public static void transpose(BlockedTensor x, BlockedTensor y, Threads threads) {
    threads.run(
        y.batch() * y.blocks,
        (task, worker) -> {
          int matrix = task / y.blocks;
          int block = task % y.blocks;
          int to = y.offset(matrix, block, 0, 0);
          block(x, x.offset(matrix, 0, 0, 0), block, y.data, to, x.channels());
        });
  }

  /**
   * Writes a block of columns of the transposed matrix; what fills it is zero.
   *
   * @param from where the matrix begins
   * @param block of the result
   * @param rows of the result that are written: columns of the matrix
   */
  static void block(BlockedTensor x, int from, int block, float[] y, int to, int rows) {
    int used = Math.min(Lanes.BLOCK, x.width() - block * Lanes.BLOCK);
    for (int first = 0; first < rows; first += Lanes.BLOCK) {
      int plane = from + first / Lanes.BLOCK * x.planePitch + block * Lanes.BLOCK * Lanes.BLOCK;
      int count = Math.min(Lanes.BLOCK, rows - first);
      for (int lane = 0; lane < used; lane++) {
        int source = plane + lane * Lanes.BLOCK;
        int target = to + first * Lanes.BLOCK + lane;
        for (int c = 0; c < count; c++) {
          y[target + c * Lanes.BLOCK] = x.data[source + c];
        }
      }
      for (int lane = used; lane < Lanes.BLOCK; lane++) {
        int target = to + first * Lanes.BLOCK + lane;
        for (int c = 0; c < count; c++) {
          y[target + c * Lanes.BLOCK] = 0;
        }
      }
    }
  }
}
