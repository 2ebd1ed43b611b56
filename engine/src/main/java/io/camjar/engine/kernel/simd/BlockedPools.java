package io.camjar.engine.kernel.simd;

import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.threads.Threads;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Pools over blocked activations, a vector of channels at a time. */
public final class BlockedPools {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  /** Cells that are summed in one go. */
  private static final int RUN = 64;

  /** Most cells of a window whose mean is one of runs in single precision. */
  public static final int MOST_CELLS = RUN * RUN;

  private final Pool2dGeometry g;

  /** Pools of this window. */
  public BlockedPools(Pool2dGeometry geometry) {
    this.g = geometry;
  }

  /** Cells of a window. */
  public long cells() {
    return (long) g.kernelH() * g.kernelW();
  }

  /** Max-pool; NaN wins over numbers. */
  public void max(BlockedTensor x, BlockedTensor y, Threads threads) {
    rows(y, threads, (image, block, row) -> maxRow(x, y, image, block, row));
  }

  /**
   * Spreads each gradient to the first maximum of its window in row order.
   *
   * @param x the forward's input
   * @param dx set here, the border excepted
   */
  public void maxBackward(BlockedTensor dy, BlockedTensor x, BlockedTensor dx, Threads threads) {
    threads.run(
        dx.batch * dx.blocks,
        (task, worker) -> {
          clear(dx, task / dx.blocks, task % dx.blocks);
          for (int row = 0; row < dy.height; row++) {
            maxRowBackward(dy, x, dx, task / dx.blocks, task % dx.blocks, row);
          }
        });
  }

  /** Average over the window's cells inside the image. */
  public void average(BlockedTensor x, BlockedTensor y, Threads threads) {
    rows(y, threads, (image, block, row) -> averageRow(x, y, image, block, row));
  }

  /** Spreads each gradient evenly over its window; sets {@code dx}, the border excepted. */
  public void averageBackward(BlockedTensor dy, BlockedTensor dx, Threads threads) {
    threads.run(
        dx.batch * dx.blocks,
        (task, worker) -> {
          clear(dx, task / dx.blocks, task % dx.blocks);
          for (int row = 0; row < dy.height; row++) {
            averageRowBackward(dy, dx, task / dx.blocks, task % dx.blocks, row);
          }
        });
  }

  private interface Row {
    void run(int image, int block, int row);
  }

  private static void rows(BlockedTensor y, Threads threads, Row work) {
    threads.run(
        y.batch * y.blocks * y.height,
        y.height,
        1,
        (from, end, worker) -> {
          for (int line = from; line < end; line++) {
            int plane = line / y.height;
            work.run(plane / y.blocks, plane % y.blocks, line % y.height);
          }
        });
  }

  private static void clear(BlockedTensor x, int image, int block) {
    for (int row = 0; row < x.height; row++) {
      int from = x.offset(image, block, row, 0);
      Arrays.fill(x.data, from, from + x.width * x.block, 0);
    }
  }

  private int top(int row) {
    return Math.max(0, row * g.strideH() - g.padH());
  }

  private int bottom(int row, int height) {
    return Math.min(height, row * g.strideH() - g.padH() + g.kernelH());
  }

  private int left(int column) {
    return Math.max(0, column * g.strideW() - g.padW());
  }

  private int right(int column, int width) {
    return Math.min(width, column * g.strideW() - g.padW() + g.kernelW());
  }

  private void maxRow(BlockedTensor x, BlockedTensor y, int image, int block, int row) {
    int top = top(row);
    int bottom = bottom(row, x.height);
    int first = y.width;
    int end = y.width;
    if (g.kernelW() == 3 && g.strideW() == 2 && bottom - top == 3) {
      first = Math.min(y.width, (g.padW() + 1) / 2);
      end = Math.max(first, Math.min(y.width, (x.width + g.padW() - 1) / 2));
      int from = x.offset(image, block, top, left(first));
      maxOfNine(x.data, from, x.rowPitch, y.data, y.offset(image, block, row, first), end - first);
    }
    maxes(x, y, image, block, row, 0, first);
    maxes(x, y, image, block, row, end, y.width);
  }

  /** The maxima of windows of any form. */
  private void maxes(
      BlockedTensor x, BlockedTensor y, int image, int block, int row, int first, int end) {
    int top = top(row);
    int bottom = bottom(row, x.height);
    for (int column = first; column < end; column++) {
      int left = left(column);
      int across = right(column, x.width) - left;
      int from = x.offset(image, block, top, left);
      int to = y.offset(image, block, row, column);
      for (int lane = 0; lane < y.block; lane += Lanes.COUNT) {
        max(x, from + lane, across, (bottom - top) * across).intoArray(y.data, to + lane);
      }
    }
  }

  /** Those of whole windows of three by three places, two apart: a ResNet's. */
  private static void maxOfNine(float[] x, int from, int row, float[] y, int to, int count) {
    for (int i = 0; i < count * Lanes.BLOCK; i += Lanes.BLOCK) {
      maxOfNine(x, from + 2 * i, row, y, to + i);
      maxOfNine(x, from + 2 * i + Lanes.COUNT, row, y, to + i + Lanes.COUNT);
    }
  }

  private static void maxOfNine(float[] x, int from, int row, float[] y, int to) {
    int next = Lanes.BLOCK;
    FloatVector top =
        FloatVector.fromArray(S, x, from)
            .max(FloatVector.fromArray(S, x, from + next))
            .max(FloatVector.fromArray(S, x, from + 2 * next));
    int below = from + row;
    FloatVector middle =
        FloatVector.fromArray(S, x, below)
            .max(FloatVector.fromArray(S, x, below + next))
            .max(FloatVector.fromArray(S, x, below + 2 * next));
    int lowest = below + row;
    FloatVector bottom =
        FloatVector.fromArray(S, x, lowest)
            .max(FloatVector.fromArray(S, x, lowest + next))
            .max(FloatVector.fromArray(S, x, lowest + 2 * next));
    top.max(middle).max(bottom).intoArray(y, to);
  }

  // One loop over a window, not columns within rows: JDK 17 boxes the vector of a nest.
  private static FloatVector max(BlockedTensor x, int from, int across, int cells) {
    FloatVector best = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
    int at = from;
    int left = across;
    for (int i = 0; i < cells; i++) {
      best = best.max(FloatVector.fromArray(S, x.data, at));
      at += x.block;
      left--;
      if (left == 0) {
        left = across;
        at += x.rowPitch - across * x.block;
      }
    }
    return best;
  }

  /** In runs: one long sum in single precision would lose a thousandth of half a megapixel. */
  private static FloatVector sum(BlockedTensor x, int from, int across, int cells) {
    FloatVector sum = FloatVector.zero(S);
    int at = from;
    int left = across;
    for (int begin = 0; begin < cells; begin += RUN) {
      FloatVector run = FloatVector.zero(S);
      int end = Math.min(cells, begin + RUN);
      for (int i = begin; i < end; i++) {
        run = run.add(FloatVector.fromArray(S, x.data, at));
        at += x.block;
        left--;
        if (left == 0) {
          left = across;
          at += x.rowPitch - across * x.block;
        }
      }
      sum = sum.add(run);
    }
    return sum;
  }

  private void maxRowBackward(
      BlockedTensor dy, BlockedTensor x, BlockedTensor dx, int image, int block, int row) {
    int top = top(row);
    int bottom = bottom(row, x.height);
    for (int column = 0; column < dy.width; column++) {
      int left = left(column);
      int across = right(column, x.width) - left;
      int cells = (bottom - top) * across;
      int from = x.offset(image, block, top, left);
      int to = dx.offset(image, block, top, left);
      int gradient = dy.offset(image, block, row, column);
      for (int lane = 0; lane < dy.block; lane += Lanes.COUNT) {
        FloatVector place = place(x, from + lane, across, cells);
        spread(
            FloatVector.fromArray(S, dy.data, gradient + lane),
            place,
            dx,
            to + lane,
            across,
            cells);
      }
    }
  }

  /**
   * Which cell of a window, row by row, holds each channel's maximum, by ATen's rule: a later value
   * must be greater, or NaN.
   */
  private static FloatVector place(BlockedTensor x, int from, int across, int cells) {
    FloatVector best = FloatVector.fromArray(S, x.data, from);
    FloatVector place = FloatVector.zero(S);
    int at = from;
    int left = across;
    for (int i = 0; i < cells; i++) {
      FloatVector value = FloatVector.fromArray(S, x.data, at);
      VectorMask<Float> later =
          value.compare(VectorOperators.GT, best).or(value.test(VectorOperators.IS_NAN));
      best = best.blend(value, later);
      place = place.blend(i, later);
      at += x.block;
      left--;
      if (left == 0) {
        left = across;
        at += x.rowPitch - across * x.block;
      }
    }
    return place;
  }

  /** Adds a gradient to the cells that were found. */
  private static void spread(
      FloatVector gradient, FloatVector place, BlockedTensor dx, int to, int across, int cells) {
    int at = to;
    int left = across;
    for (int i = 0; i < cells; i++) {
      FloatVector sum = FloatVector.fromArray(S, dx.data, at);
      sum.add(FloatVector.zero(S).blend(gradient, place.compare(VectorOperators.EQ, i)))
          .intoArray(dx.data, at);
      at += dx.block;
      left--;
      if (left == 0) {
        left = across;
        at += dx.rowPitch - across * dx.block;
      }
    }
  }

  private void averageRow(BlockedTensor x, BlockedTensor y, int image, int block, int row) {
    int top = top(row);
    int bottom = bottom(row, x.height);
    for (int column = 0; column < y.width; column++) {
      int left = left(column);
      int across = right(column, x.width) - left;
      int cells = (bottom - top) * across;
      int from = x.offset(image, block, top, left);
      int to = y.offset(image, block, row, column);
      for (int lane = 0; lane < y.block; lane += Lanes.COUNT) {
        sum(x, from + lane, across, cells).mul(1f / cells).intoArray(y.data, to + lane);
      }
    }
  }

  private void averageRowBackward(
      BlockedTensor dy, BlockedTensor dx, int image, int block, int row) {
    int bottom = bottom(row, dx.height);
    for (int column = 0; column < dy.width; column++) {
      int right = right(column, dx.width);
      int from = dy.offset(image, block, row, column);
      float share = 1f / ((bottom - top(row)) * (right - left(column)));
      for (int h = top(row); h < bottom; h++) {
        int to = dx.offset(image, block, h, 0);
        for (int w = left(column); w < right; w++) {
          for (int c = 0; c < dy.block; c++) {
            dx.data[to + w * dx.block + c] += share * dy.data[from + c];
          }
        }
      }
    }
  }
}
