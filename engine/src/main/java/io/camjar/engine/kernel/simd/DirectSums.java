package io.camjar.engine.kernel.simd;

import io.camjar.engine.kernel.simd.ConvPass.Tap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The outputs of one sweep of {@link DirectConv2d}, line by line. */
final class DirectSums {
  private final ConvPass pass;
  private final List<Part> parts;
  private final Blocked x;
  private final Blocked y;
  private final Finish finish;
  private final int rows;
  private final int columns;

  /**
   * Some input blocks of a sum.
   *
   * @param weights where their weights begin in those of an output block
   */
  private record Part(TileArgs args, int weights) {}

  DirectSums(ConvPass pass, float[] weights, Blocked x, Blocked y, Finish finish) {
    this.pass = pass;
    this.parts = parts(pass, weights, x, y, finish);
    this.x = x;
    this.y = y;
    this.finish = finish;
    this.rows = pass.rows().outputs(y.height);
    this.columns = pass.columns().outputs(y.width);
  }

  /** How many parts a sum has. */
  int parts() {
    return parts.size();
  }

  /** Floats of the weights of a block of outputs. */
  int panel() {
    return x.blocks * pass.taps() * x.block * y.block;
  }

  /**
   * Floats that so many lines are computed from: not all, where a stride is longer than a kernel.
   */
  long inputs(int lines, int columns) {
    int down = Math.min(pass.rows().step(), pass.rows().taps().size());
    int across = Math.min(pass.columns().step(), pass.columns().taps().size());
    return (long) lines * down * columns * across * x.blocks * x.block;
  }

  /**
   * Computes some of all lines: part by part, so that a part's inputs are near for all blocks of
   * outputs, and its weights for all lines of a block.
   *
   * @param from the first; they are numbered strip by strip, in these block by block
   * @param end behind the last
   * @param strip lines of a strip; the last one may have fewer
   */
  void run(int from, int end, int strip) {
    int lines = y.batch * rows;
    for (int part = 0; part < parts.size(); part++) {
      for (int number = from; number < end; ) {
        int above = number / (strip * y.blocks) * strip;
        int inStrip = Math.min(strip, lines - above);
        int place = number - above * y.blocks;
        int line = above + place % inStrip;
        int row = line % rows;
        int left = Math.min(rows - row, inStrip - place % inStrip);
        int count = Math.min(end - number, left);
        run(part, line / rows, place / inStrip, row, count);
        number += count;
      }
    }
  }

  /** Adds a part to some lines of one image and block of outputs. */
  private void run(int part, int image, int block, int row, int count) {
    int yRow = pass.rows().first() + row * pass.rows().stride();
    int yColumn = pass.columns().first();
    int a = x.offset(image, 0, row * pass.rows().step(), 0);
    int c = y.offset(image, block, yRow, yColumn);
    Blocked residual = finish.residual();
    boolean first = part == 0;
    int init = !first ? c : residual == null ? 0 : residual.offset(image, block, yRow, yColumn);
    Part p = parts.get(part);
    tiles(p.args, count * columns, a, block * panel() + p.weights, init, c);
    if (part == parts.size() - 1) {
      for (int i = row; i < row + count; i++) {
        finish(image, block, i);
      }
    }
  }

  /** A tile may be cut at the end of a line, where the kernels have such tiles. */
  private void tiles(TileArgs args, int all, int a0, int w, int i0, int c0) {
    boolean splits = columns >= Lanes.MAX_ROWS - 1 && FewRows.splits(args);
    int done = 0;
    while (done < all) {
      int line = done / columns;
      int left = columns - done % columns;
      int size = TileArgs.rows(splits ? all - done : left);
      int a = a0 + done * args.aRow + line * args.aGap;
      int c = c0 + done * args.cRow + line * args.cGap;
      int init = i0 + done * args.initRow + line * args.initGap;
      if (size <= left) {
        Tiles.run(size, args, a, w, init, c);
      } else if (size == Lanes.MAX_ROWS) {
        FewRows.runSplit(left, args, a, w, init, c);
      } else {
        size = left;
        Tiles.run(size, args, a, w, init, c);
      }
      done += size;
    }
  }

  /** Adds what a sum is finished with to a line of sums. */
  private void finish(int image, int block, int row) {
    int yRow = pass.rows().first() + row * pass.rows().stride();
    int yColumn = pass.columns().first();
    int step = pass.columns().stride();
    int c = y.offset(image, block, yRow, yColumn);
    FinishRow.inPlace(finish, y, block, c, step, columns);
    Blocked gate = finish.gate();
    if (gate != null) {
      Gate.row(gate, y, image, block, yRow, yColumn, step, columns);
    }
  }

  private static List<Part> parts(
      ConvPass pass, float[] packed, Blocked x, Blocked y, Finish finish) {
    int depth = Math.max(1, pass.taps() * x.block);
    int together = Conv2dWeights.together(x.block);
    int groups = (TileArgs.PART + depth * together - 1) / (depth * together);
    int blocks = Math.min(x.blocks, groups * together);
    List<Part> parts = new ArrayList<>((x.blocks + blocks - 1) / blocks);
    for (int from = 0; from < x.blocks; from += blocks) {
      int to = Math.min(x.blocks, from + blocks);
      TileArgs args = args(pass, packed, x, y, from, to);
      if (from == 0) {
        init(args, pass, y.width, finish.residual());
      } else {
        args.init = y.data;
        args.initRow = args.cRow;
        args.initGap = args.cGap;
      }
      parts.add(new Part(args, from * pass.taps() * x.block * y.block));
    }
    return parts;
  }

  private static void init(TileArgs args, ConvPass pass, int width, @Nullable Blocked residual) {
    if (residual != null) {
      args.init = residual.data;
      args.initRow = pass.columns().stride() * residual.block;
      args.initGap =
          gap(
              pass.rows().stride() * residual.rowPitch,
              pass.columns().outputs(width),
              args.initRow);
    }
  }

  /** What is between the last place of a line and the first of the next, beyond a row. */
  private static int gap(int linePitch, int columns, int row) {
    return linePitch - columns * row;
  }

  private static TileArgs args(
      ConvPass pass, float[] packed, Blocked x, Blocked y, int from, int to) {
    TileArgs args = new TileArgs();
    args.a = x.data;
    args.aRow = pass.columns().step() * x.block;
    args.w = packed;
    args.depth = (to - from) * pass.taps() * x.block;
    // Where tiles have few rows, taps of one block: for these they have faster loops.
    boolean runs =
        pass.columns().contiguous()
            && Conv2dWeights.together(x.block) == 1
            && (x.block != y.block || Lanes.MAX_ROWS > Tiles.FEW_ROWS);
    args.tapLength = runs ? pass.columns().taps().size() * x.block : x.block;
    args.taps = taps(pass, x, from, to, runs);
    args.c = y.data;
    args.cRow = pass.columns().stride() * y.block;
    int columns = pass.columns().outputs(y.width);
    args.aGap = gap(pass.rows().step() * x.rowPitch, columns, args.aRow);
    args.cGap = gap(pass.rows().stride() * y.rowPitch, columns, args.cRow);
    return args;
  }

  private static int[] taps(ConvPass pass, Blocked x, int from, int to, boolean runs) {
    List<Tap> columns = pass.columns().taps();
    int perRow = columns.isEmpty() ? 0 : runs ? 1 : columns.size();
    int[] taps = new int[(to - from) * pass.rows().taps().size() * perRow + 1];
    int t = 0;
    int together = Conv2dWeights.together(x.block);
    for (int group = from; group < to; group += together) {
      int end = Math.min(to, group + together);
      for (Tap row : pass.rows().taps()) {
        for (int c = 0; c < perRow; c++) {
          int place = row.cell() * x.rowPitch + columns.get(c).cell() * x.block;
          for (int b = group; b < end; b++) {
            taps[t++] = b * x.planePitch + place;
          }
        }
      }
    }
    return taps;
  }
}
