package io.camjar.engine.kernel.simd.conv;

import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.Epilogue;
import io.camjar.engine.kernel.simd.EpilogueRow;
import io.camjar.engine.kernel.simd.FewRows;
import io.camjar.engine.kernel.simd.Jit;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.kernel.simd.ReluMask;
import io.camjar.engine.kernel.simd.TileArgs;
import io.camjar.engine.kernel.simd.Tiles;
import io.camjar.engine.kernel.simd.conv.ConvSweep.Tap;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/** The outputs of one sweep of {@link DirectConv2d}, line by line. */
final class DirectConvLoop {
  /** Rows of the smallest tile that two whole ones leave. */
  private static final int LEAST_ROWS = 3;

  private final ConvSweep pass;
  private final InputBlocks read;
  private final float[] weights;
  private final BlockedTensor x;
  private final BlockedTensor y;
  private final Epilogue epilogue;
  private final int rows;
  private final int columns;

  /** Parts of a sum, each some blocks of inputs. */
  private final int parts;

  /** Blocks of inputs of each part but the last, which may have fewer. */
  private final int partBlocks;

  /** Channels of a block of inputs that are multiplied. */
  private final int tapChannels;

  private final TileArgs first;
  private final TileArgs middle;
  private final TileArgs last;

  /**
   * The outputs of a sweep.
   *
   * @param summed steps that are summed in one go, or a few more
   */
  DirectConvLoop(
      ConvSweep pass,
      InputBlocks read,
      float[] weights,
      BlockedTensor x,
      BlockedTensor y,
      Epilogue epilogue,
      int summed) {
    this.pass = pass;
    this.read = read;
    this.weights = weights;
    this.x = x;
    this.y = y;
    this.epilogue = epilogue;
    this.rows = pass.rows().outputs(y.height);
    this.columns = pass.columns().outputs(y.width);
    int together = Conv2dWeights.together(x.block);
    this.tapChannels = tapChannels();
    int depth = Math.max(1, pass.taps() * x.block) * together;
    this.partBlocks = Math.min(read.count(), (summed + depth - 1) / depth * together);
    this.parts = (read.count() + partBlocks - 1) / partBlocks;
    int rest = read.count() - (parts - 1) * partBlocks;
    // From where the inputs of a part begin, all parts of as many blocks read at the same places.
    int[] taps = taps(partBlocks);
    this.first = args(partBlocks, parts == 1, taps, epilogue.residual());
    this.middle = parts > 2 ? args(partBlocks, false, taps, y) : first;
    this.last = parts > 1 ? args(rest, true, rest == partBlocks ? taps : taps(rest), y) : first;
  }

  /** How many parts a sum has. */
  int parts() {
    return parts;
  }

  /** Floats of the weights of a block of outputs. */
  int panel() {
    return read.count() * pass.taps() * x.block * y.block;
  }

  /**
   * Floats that so many lines are computed from: not all, where a stride is longer than a kernel.
   */
  long inputs(int lines) {
    int down = Math.min(pass.rows().step(), pass.rows().taps().size());
    int across = Math.min(pass.columns().step(), pass.columns().taps().size());
    return (long) lines * down * columns * across * read.count() * x.block;
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
    for (int part = 0; part < parts; part++) {
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
    int from = part * partBlocks;
    int a = x.offset(image, read.first()[block] + from, row * pass.rows().step(), 0);
    int w = block * panel() + from * pass.taps() * x.block * y.block;
    int c = y.offset(image, block, yRow, yColumn);
    boolean ends = part == parts - 1;
    TileArgs args = part == 0 ? first : ends ? last : middle;
    BlockedTensor init = part == 0 ? epilogue.residual() : y;
    int i0 = init == null ? 0 : init.offset(image, block, yRow, yColumn);
    int all = count * columns;
    boolean half = y.channels - block * y.block <= Lanes.COUNT;
    boolean byHalves = hasHalfTiles() && (half || read.byVector());
    if (!byHalves) {
      tiles(args, false, all, a, w, i0, c);
    } else {
      tiles(args, true, all, a, w, i0, c);
      if (!half) {
        int next = Lanes.COUNT;
        tiles(args, true, all, a + next, w + next * y.block + next, i0 + next, c + next);
      }
    }
    if (ends) {
      for (int i = row; i < row + count; i++) {
        if (byHalves && half) {
          clearSecondVector(image, block, i);
        }
        finish(image, block, i);
      }
    }
  }

  /**
   * A tile may be cut at the end of a line, where the kernels have such tiles.
   *
   * @param half whether one vector of the block is computed only
   */
  private void tiles(TileArgs args, boolean half, int all, int a0, int w, int i0, int c0) {
    boolean splits = columns >= Lanes.MAX_ROWS - 1 && FewRows.splits(args);
    boolean joins = !half && Tiles.joinsLines(columns, args);
    int done = 0;
    while (done < all) {
      int line = done / columns;
      int left = columns - done % columns;
      int size = splits ? rows(all - done) : TileArgs.rows(left);
      int a = a0 + done * args.aRow + line * args.aGap;
      int c = c0 + done * args.cRow + line * args.cGap;
      int init = i0 + done * args.initRow + line * args.initGap;
      if (size > left) {
        // Never a very small tile for the sake of a line's end.
        size = all - done >= Lanes.MAX_ROWS ? Lanes.MAX_ROWS : left;
      }
      if (joins && all - done >= 2 * columns) {
        size = 2 * columns;
        Tiles.runTwoLines(columns, args, a, w, init, c);
      } else if (size > left) {
        FewRows.runSplit(left, args, a, w, init, c);
      } else if (half) {
        Tiles.runHalf(size, args, a, w, init, c);
      } else {
        Tiles.run(size, args, a, w, init, c);
      }
      done += size;
    }
  }

  /**
   * How many of the remaining rows the next tile takes, if the ones after it may be cut: what two
   * whole tiles would leave is no tile of one or two rows, which is slow and so rare that it is not
   * compiled for minutes.
   */
  private static int rows(int remaining) {
    int rest = remaining - 2 * Lanes.MAX_ROWS;
    return rest > 0 && rest < LEAST_ROWS
        ? remaining - Lanes.MAX_ROWS - LEAST_ROWS
        : TileArgs.rows(remaining);
  }

  /**
   * What fills a block of few channels must be zero, whatever the pass before has left in this
   * memory: a kernel that multiplies it by zero weights makes NaN of an infinity.
   */
  private void clearSecondVector(int image, int block, int row) {
    int step = pass.columns().stride() * y.block;
    int yRow = pass.rows().first() + row * pass.rows().stride();
    int c = y.offset(image, block, yRow, pass.columns().first()) + Lanes.COUNT;
    for (int i = 0; i < columns; i++) {
      FloatVector.zero(Lanes.SPECIES).intoArray(y.data, c + i * step);
    }
  }

  /** Applies the epilogue to a line of sums. */
  private void finish(int image, int block, int row) {
    int yRow = pass.rows().first() + row * pass.rows().stride();
    int yColumn = pass.columns().first();
    int step = pass.columns().stride();
    int c = y.offset(image, block, yRow, yColumn);
    EpilogueRow.inPlace(epilogue, y, block, c, step, columns);
    BlockedTensor mask = epilogue.mask();
    if (mask != null) {
      ReluMask.row(mask, y, image, block, yRow, yColumn, step, columns);
    }
  }

  /**
   * What tiles of a part of so many blocks share.
   *
   * @param ends whether the part ends with the last input
   * @param init what they are added to, or null
   */
  private TileArgs args(int blocks, boolean ends, int[] taps, @Nullable BlockedTensor init) {
    TileArgs args = new TileArgs();
    args.a = x.data;
    args.aRow = pass.columns().step() * x.block;
    args.aGap = gap(pass.rows().step() * x.rowPitch, args.aRow);
    args.taps = taps;
    args.tapLength = runs() ? pass.columns().taps().size() * x.block : tapChannels;
    args.depth = blocks * pass.taps() * tapChannels - (ends ? unused() : 0);
    args.w = weights;
    args.wGap = (x.block - tapChannels) * y.block;
    if (init != null) {
      args.init = init.data;
      args.initRow = pass.columns().stride() * init.block;
      args.initGap = gap(pass.rows().stride() * init.rowPitch, args.initRow);
    }
    args.c = y.data;
    args.cRow = pass.columns().stride() * y.block;
    args.cGap = gap(pass.rows().stride() * y.rowPitch, args.cRow);
    return args;
  }

  /**
   * Steps at the end of a lone tap that would multiply what only fills the last block: whole tests
   * of a small tile's loop. Not where loops are nests, whose taps have whole blocks.
   */
  private int unused() {
    boolean all = pass.taps() == 1 && read.count() == x.blocks && tapChannels == x.block;
    return all && !Jit.NESTS
        ? (x.blocks * x.block - x.channels) / FewRows.CHAIN * FewRows.CHAIN
        : 0;
  }

  /** Whether one vector of a block can be computed alone. */
  private boolean hasHalfTiles() {
    return x.block == Lanes.BLOCK
        && pass.columns().step() <= 2
        && columns > Tiles.FEW_ROWS
        && Tiles.HALVES;
  }

  /**
   * Channels of a block of inputs that are multiplied: those of a vector whose groups are in it, or
   * of a lone block those that are there; else all.
   */
  private int tapChannels() {
    if (!hasHalfTiles()) {
      return x.block;
    } else if (read.byVector()) {
      return Lanes.COUNT;
    }
    // Of a lone tap the depth is cut instead.
    return x.blocks == 1 && pass.taps() > 1 ? (x.channels + 1) / 2 * 2 : x.block;
  }

  /** What is between the last place of a line and the first of the next, beyond a row. */
  private int gap(int linePitch, int row) {
    return linePitch - columns * row;
  }

  /**
   * Whether a row of the kernel is one tap: not where tiles have few rows, as all of small maps
   * have, since those have faster loops for taps of one block.
   */
  private boolean runs() {
    return pass.columns().contiguous()
        && tapChannels == x.block
        && Conv2dWeights.together(x.block) == 1
        && (x.block != y.block || Math.min(columns, Lanes.MAX_ROWS) > Tiles.FEW_ROWS);
  }

  /** Where the taps of so many blocks lie, from the first. */
  private int[] taps(int blocks) {
    List<Tap> across = pass.columns().taps();
    int perRow = across.isEmpty() ? 0 : runs() ? 1 : across.size();
    int[] taps = new int[blocks * pass.rows().taps().size() * perRow + 1];
    int t = 0;
    int together = Conv2dWeights.together(x.block);
    for (int group = 0; group < blocks; group += together) {
      int end = Math.min(blocks, group + together);
      for (Tap row : pass.rows().taps()) {
        for (int c = 0; c < perRow; c++) {
          int place = row.cell() * x.rowPitch + across.get(c).cell() * x.block;
          for (int b = group; b < end; b++) {
            taps[t++] = b * x.planePitch + place;
          }
        }
      }
    }
    return taps;
  }
}
