package io.camjar.engine.kernel.simd;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.Blocked.Halo;
import io.camjar.engine.kernel.simd.ConvPass.Tap;
import io.camjar.engine.threads.Threads;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Convolution as a matrix product that finds its left matrix in the picture itself: any kernel,
 * stride, padding and dilation, forward and backward to the input.
 *
 * <p>A register tile is up to 14 outputs of a row by a block of channels; its inputs are read where
 * they lie (blocked direct convolution: Georganas et al., arXiv 1808.05567), so nothing is copied.
 * A 1x1 convolution and a linear layer are the same thing with one tap.
 */
public final class DirectConv2d implements PackedConv2d {
  /** Strips of rows that a picture is cut into where the weights stay in cache. */
  private static final int STRIPS = 14;

  /** Most floats of weights that stay in cache: half of 1 MiB. */
  private static final int NEAR_FLOATS = 128 * 1024;

  /** Floats of a strip that stay in a core's cache beside a block's weights. */
  private static final int STRIP_FLOATS = (Lanes.hasManyRegisters() ? 128 : 64) * 1024;

  private final int inBlock;
  private final List<Sweep> sweeps = new ArrayList<>();

  private record Sweep(ConvPass pass, float[] weights) {}

  private DirectConv2d(
      List<ConvPass> passes,
      Conv2dWeights weights,
      int inBlock,
      PackMemory memory,
      Threads threads) {
    this.inBlock = inBlock;
    for (ConvPass pass : passes) {
      sweeps.add(new Sweep(pass, weights.pack(pass, inBlock, memory, threads)));
    }
  }

  /** The forward of these weights, {@code [O, I, kH, kW]}, on blocked activations. */
  public static DirectConv2d forward(Conv2dGeometry g, float[] oihw) {
    return forward(g, oihw, Lanes.BLOCK, new PackMemory(), Threads.shared());
  }

  /** As the other, with the weights laid out in this memory. */
  public static DirectConv2d forward(
      Conv2dGeometry g, float[] oihw, PackMemory memory, Threads threads) {
    return forward(g, oihw, Lanes.BLOCK, memory, threads);
  }

  /** The forward on a {@link Blocked#picture picture}. */
  public static DirectConv2d forwardOfPicture(Conv2dGeometry g, float[] oihw) {
    return forwardOfPicture(g, oihw, new PackMemory(), Threads.shared());
  }

  /** As the other, with the weights laid out in this memory. */
  public static DirectConv2d forwardOfPicture(
      Conv2dGeometry g, float[] oihw, PackMemory memory, Threads threads) {
    return forward(g, oihw, Math.min(g.inChannels(), Lanes.BLOCK), memory, threads);
  }

  private static DirectConv2d forward(
      Conv2dGeometry g, float[] oihw, int inBlock, PackMemory memory, Threads threads) {
    Conv2dWeights weights = Conv2dWeights.forward(g, oihw);
    return new DirectConv2d(ConvPass.forward(g), weights, inBlock, memory, threads);
  }

  /** The backward to the input: from the gradient of the output to that of the input. */
  public static DirectConv2d backwardInput(Conv2dGeometry g, float[] oihw) {
    return backwardInput(g, oihw, new PackMemory(), Threads.shared());
  }

  /** As the other, with the weights laid out in this memory. */
  public static DirectConv2d backwardInput(
      Conv2dGeometry g, float[] oihw, PackMemory memory, Threads threads) {
    Conv2dWeights weights = Conv2dWeights.backward(g, oihw);
    return new DirectConv2d(ConvPass.backward(g), weights, Lanes.BLOCK, memory, threads);
  }

  @Override
  public Halo halo(int inH, int inW, int outH, int outW) {
    Halo halo = Halo.NONE;
    for (Sweep sweep : sweeps) {
      halo = halo.union(sweep.pass.halo(inH, inW, outH, outW));
    }
    return halo;
  }

  @Override
  public void run(Blocked x, Blocked y, Finish finish, Scratch scratch, Threads threads) {
    if (x.block != inBlock || !x.covers(halo(x.height, x.width, y.height, y.width))) {
      throw new IllegalArgumentException("input %s does not fit its convolution".formatted(x));
    }
    for (Sweep sweep : sweeps) {
      run(sweep, x, y, finish, scratch, threads);
    }
  }

  private static void run(
      Sweep sweep, Blocked x, Blocked y, Finish finish, Scratch scratch, Threads threads) {
    ConvPass pass = sweep.pass;
    if (pass.skipsInputs() && y.blocks > 1) {
      Blocked read = Subsample.of(x, pass, y, scratch, threads);
      run(new Sweep(pass.dense(), sweep.weights), read, y, finish, threads);
    } else {
      run(sweep, x, y, finish, threads);
    }
  }

  private static void run(Sweep sweep, Blocked x, Blocked y, Finish finish, Threads threads) {
    int rows = sweep.pass.rows().outputs(y.height);
    int columns = sweep.pass.columns().outputs(y.width);
    if (rows == 0 || columns == 0) {
      return;
    }
    Lines lines = new Lines(sweep.pass, parts(sweep, x, y, finish), x, y, finish);
    // Light weights are walked strip by strip of the picture, so that a thread finds in its cache
    // the rows that it has computed before; heavy ones are shared out and walked once, unless the
    // pictures, walked again for each block of outputs, would then be read more often from afar.
    int blocks = y.blocks;
    long weights = (long) blocks * lines.panel();
    boolean light = weights < Math.min(x.imagePitch, NEAR_FLOATS);
    int nearStrips = Math.min(rows, nearStrips(sweep.pass, x, rows, columns));
    if (light || weights * nearStrips < again(sweep.pass, x, rows, columns, y)) {
      int most = Math.min(rows, light ? STRIPS : nearStrips);
      int strip = (rows + most - 1) / most;
      int strips = (rows + strip - 1) / strip;
      threads.run(
          y.batch * strips * blocks,
          (task, worker) -> {
            int place = task / blocks;
            int first = place % strips * strip;
            lines.run(place / strips, task % blocks, first, Math.min(rows, first + strip));
          });
    } else {
      int all = y.batch * rows;
      threads.run(
          blocks * all,
          all,
          1,
          (from, to, worker) -> {
            int block = from / all;
            int end = to - block * all;
            for (int line = from - block * all; line < end; ) {
              int image = line / rows;
              int next = Math.min(end, (image + 1) * rows);
              lines.run(image, block, line - image * rows, next - image * rows);
              line = next;
            }
          });
    }
  }

  /** Strips of a picture of which each stays in a core's cache. */
  private static int nearStrips(ConvPass pass, Blocked x, int rows, int columns) {
    return (int) ((inputs(pass, x, rows, columns) + STRIP_FLOATS - 1) / STRIP_FLOATS);
  }

  /** Floats read from afar for each picture where each block of outputs walks all pictures. */
  private static long again(ConvPass pass, Blocked x, int rows, int columns, Blocked y) {
    long inputs = inputs(pass, x, rows, columns);
    return x.batch * inputs <= STRIP_FLOATS ? 0 : y.blocks * inputs;
  }

  /** Floats of a picture that are read: not all, where a stride is longer than a kernel. */
  private static long inputs(ConvPass pass, Blocked x, int rows, int columns) {
    int down = Math.min(pass.rows().step(), pass.rows().taps().size());
    int across = Math.min(pass.columns().step(), pass.columns().taps().size());
    return (long) rows * down * columns * across * x.blocks * x.block;
  }

  /** The lines of one call's outputs. */
  private record Lines(ConvPass pass, List<Part> parts, Blocked x, Blocked y, Finish finish) {

    /** Floats of the weights of a block of outputs. */
    int panel() {
      return x.blocks * pass.taps() * x.block * y.block;
    }

    /** Computes some lines of one image and block of outputs. */
    void run(int image, int block, int from, int end) {
      int columns = pass.columns().outputs(y.width);
      int yRow = pass.rows().first() + from * pass.rows().stride();
      int yColumn = pass.columns().first();
      int a = x.offset(image, 0, from * pass.rows().step(), 0);
      int c = y.offset(image, block, yRow, yColumn);
      Blocked residual = finish.residual();
      int init = residual == null ? 0 : residual.offset(image, block, yRow, yColumn);
      sum(end - from, columns, a, block * panel(), init, c);
      for (int row = from; row < end; row++) {
        finish(image, block, row, columns);
      }
    }

    /**
     * Part by part, whose weights stay in cache, tile by tile. A tile may be cut at the end of a
     * line, where the kernels have such tiles.
     */
    private void sum(int lines, int columns, int a0, int w0, int i0, int c0) {
      int all = lines * columns;
      for (int i = 0; i < parts.size(); i++) {
        Part part = parts.get(i);
        TileArgs args = part.args;
        boolean splits = columns >= Lanes.MAX_ROWS - 1 && FewRows.splits(args);
        int weights = w0 + part.weights;
        int done = 0;
        while (done < all) {
          int line = done / columns;
          int left = columns - done % columns;
          int size = TileArgs.rows(splits ? all - done : left);
          int a = a0 + done * args.aRow + line * args.aGap;
          int c = c0 + done * args.cRow + line * args.cGap;
          int init = i == 0 ? i0 + done * args.initRow + line * args.initGap : c;
          if (size <= left) {
            Tiles.run(size, args, a, weights, init, c);
          } else if (size == Lanes.MAX_ROWS) {
            FewRows.runSplit(left, args, a, weights, init, c);
          } else {
            size = left;
            Tiles.run(size, args, a, weights, init, c);
          }
          done += size;
        }
      }
    }

    /** Adds what a sum is finished with to a line of sums. */
    private void finish(int image, int block, int row, int columns) {
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
  }

  /**
   * Some input blocks of a sum.
   *
   * @param weights where their weights begin in those of an output block
   */
  private record Part(TileArgs args, int weights) {}

  private static List<Part> parts(Sweep sweep, Blocked x, Blocked y, Finish finish) {
    int depth = Math.max(1, sweep.pass.taps() * x.block);
    int together = Conv2dWeights.together(x.block);
    int groups = (TileArgs.PART + depth * together - 1) / (depth * together);
    int blocks = Math.min(x.blocks, groups * together);
    List<Part> parts = new ArrayList<>((x.blocks + blocks - 1) / blocks);
    for (int from = 0; from < x.blocks; from += blocks) {
      int to = Math.min(x.blocks, from + blocks);
      TileArgs args = args(sweep, x, y, from, to);
      if (from == 0) {
        init(args, sweep.pass, y.width, finish.residual());
      } else {
        args.init = y.data;
        args.initRow = args.cRow;
        args.initGap = args.cGap;
      }
      parts.add(new Part(args, from * sweep.pass.taps() * x.block * y.block));
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

  private static TileArgs args(Sweep sweep, Blocked x, Blocked y, int from, int to) {
    ConvPass pass = sweep.pass;
    TileArgs args = new TileArgs();
    args.a = x.data;
    args.aRow = pass.columns().step() * x.block;
    args.w = sweep.weights;
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

  @Override
  public long bytes() {
    return sweeps.stream().mapToLong(s -> (long) s.weights.length * Float.BYTES).sum();
  }
}
