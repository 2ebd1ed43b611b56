package io.camjar.engine.kernel.simd.token;

import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.kernel.simd.Scratch;
import io.camjar.engine.kernel.simd.TileArgs;
import io.camjar.engine.kernel.simd.Tiles;
import io.camjar.engine.threads.Threads;

/**
 * Products of matrices in blocks of columns, {@code [columns / block][row][block]}: an image of one
 * row is one, its places the rows and its channels the columns. The right matrix is then laid out
 * as register tiles read weights, and nothing is copied.
 *
 * <p>Where one of two tensors has a single matrix, it is multiplied with every one of the other.
 */
public final class MatrixProduct {
  /** Rows that are one task. */
  private static final int STRIP = 4 * Lanes.MAX_ROWS;

  private MatrixProduct() {}

  /** {@code c = a b}. */
  public static void multiply(BlockedTensor a, BlockedTensor b, BlockedTensor c, Threads threads) {
    int strips = (c.width() + STRIP - 1) / STRIP;
    threads.run(
        c.batch() * strips,
        (task, worker) -> {
          int matrix = task / strips;
          int row = task % strips * STRIP;
          Product product = new Product(a.data, a.planePitch, c, b.width());
          product.right(b.data, b.planePitch);
          product.run(
              matrix(a, matrix, row),
              matrix(b, matrix, 0),
              matrix(c, matrix, row),
              Math.min(STRIP, c.width() - row),
              false);
        });
  }

  /** The gradient of the left matrix, {@code da = dc b'}. */
  public static void backwardLeft(
      BlockedTensor dc, BlockedTensor b, BlockedTensor da, Scratch scratch, Threads threads) {
    int pitch = b.channels() * Lanes.BLOCK;
    int each = Lanes.blocks(b.width()) * pitch;
    scratch.reserve(Math.multiplyExact(b.batch(), each), 0, 0);
    float[] transposed = scratch.common();
    int blocks = Lanes.blocks(b.width());
    threads.run(
        b.batch() * blocks,
        (task, worker) -> {
          int matrix = task / blocks;
          int from = matrix(b, matrix, 0);
          int to = matrix * each + task % blocks * pitch;
          Transposition.block(b, from, task % blocks, transposed, to, b.channels());
        });
    int strips = (da.width() + STRIP - 1) / STRIP;
    threads.run(
        da.batch() * strips,
        (task, worker) -> {
          int row = task % strips * STRIP;
          Product product = new Product(dc.data, dc.planePitch, da, b.channels());
          product.right(transposed, pitch);
          for (int i = task / strips; i < dc.batch(); i += da.batch()) {
            product.run(
                matrix(dc, i, row),
                i % b.batch() * each,
                matrix(da, task / strips, row),
                Math.min(STRIP, da.width() - row),
                i >= da.batch());
          }
        });
  }

  /** The gradient of the right matrix, {@code db = a' dc}. */
  public static void backwardRight(
      BlockedTensor a, BlockedTensor dc, BlockedTensor db, Threads threads) {
    threads.run(
        db.batch() * a.blocks,
        (task, worker) -> {
          int block = task % a.blocks;
          int row = block * Lanes.BLOCK;
          Product product = new Product(a.data, 0, db, dc.width());
          product.right(dc.data, dc.planePitch);
          for (int i = task / a.blocks; i < dc.batch(); i += db.batch()) {
            product.runTransposed(
                matrix(a, i, 0) + block * a.planePitch,
                matrix(dc, i, 0),
                matrix(db, task / a.blocks, row),
                Math.min(Lanes.BLOCK, db.width() - row),
                i >= db.batch());
          }
        });
  }

  /** Where a row of a matrix begins; of a lone matrix it is the same for all. */
  private static int matrix(BlockedTensor x, int number, int row) {
    return x.offset(number % x.batch(), 0, 0, row);
  }

  /** One product of rows of a left matrix with a right one. */
  private static final class Product {
    private final int aPitch;
    private final int depth;
    private final BlockedTensor c;
    private final TileArgs args = new TileArgs();

    /** What stands for sums that begin at 0. */
    private final float[] nothing = args.init;

    private int wPitch;

    Product(float[] a, int aPitch, BlockedTensor c, int depth) {
      this.aPitch = aPitch;
      this.depth = depth;
      this.c = c;
      args.a = a;
      args.c = c.data;
      args.cRow = Lanes.BLOCK;
    }

    void right(float[] w, int pitch) {
      args.w = w;
      wPitch = pitch;
    }

    /**
     * Computes some rows: sums over whole blocks, then over what is left.
     *
     * @param adds whether to what is there
     */
    void run(int a, int w, int to, int rows, boolean adds) {
      args.aRow = Lanes.BLOCK;
      int whole = depth / Lanes.BLOCK;
      int together = TileArgs.PART / Lanes.BLOCK;
      boolean more = adds;
      for (int from = 0; from < whole; from += together) {
        int count = Math.min(together, whole - from);
        args.taps = new int[count + 1];
        for (int t = 0; t < count; t++) {
          args.taps[t] = t * aPitch;
        }
        args.tapLength = Lanes.BLOCK;
        args.depth = count * Lanes.BLOCK;
        panels(a + from * aPitch, w + from * Lanes.BLOCK * Lanes.BLOCK, to, rows, more);
        more = true;
      }
      int rest = depth - whole * Lanes.BLOCK;
      if (rest > 0) {
        args.taps = new int[2];
        args.tapLength = rest;
        args.depth = rest;
        panels(a + whole * aPitch, w + whole * Lanes.BLOCK * Lanes.BLOCK, to, rows, more);
      }
    }

    /** Computes rows that are columns of the left matrix, of one of its blocks. */
    void runTransposed(int a, int w, int to, int rows, boolean adds) {
      args.aRow = 1;
      args.aStep = Lanes.BLOCK;
      args.taps = new int[2];
      for (int from = 0; from < depth; from += TileArgs.PART) {
        args.tapLength = Math.min(TileArgs.PART, depth - from);
        args.depth = args.tapLength;
        panels(a + from * Lanes.BLOCK, w + from * Lanes.BLOCK, to, rows, adds || from > 0);
      }
    }

    private void panels(int a, int w, int to, int rows, boolean adds) {
      args.init = adds ? c.data : nothing;
      args.initRow = Lanes.BLOCK;
      for (int p = 0; p < c.blocks; p++) {
        int at = to + p * c.planePitch;
        for (int done = 0; done < rows; ) {
          int tile = TileArgs.rows(rows - done);
          int row = at + done * Lanes.BLOCK;
          Tiles.run(tile, args, a + done * args.aRow, w + p * wPitch, adds ? row : 0, row);
          done += tile;
        }
      }
    }
  }
}
