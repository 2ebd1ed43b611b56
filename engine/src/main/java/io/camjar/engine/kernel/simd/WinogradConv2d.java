package io.camjar.engine.kernel.simd;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.Blocked.Halo;
import io.camjar.engine.threads.Threads;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A 3x3 convolution of stride 1 by Winograd's method: inputs and weights are transformed so that a
 * tile of outputs needs one product for each of its points.
 *
 * <p>Channels are the lanes, so that no transform moves data between them (Jia et al., PPoPP 2018).
 * What weighs less is walked again and again: few weights are kept in cache, and large maps worked
 * in stripes of tiles; many weights are walked once or twice, all inputs transformed before them,
 * and the output channels shared out.
 */
public final class WinogradConv2d implements PackedConv2d {
  /** Floats that are worked on together: half of a cache of 1 MiB. */
  private static final int NEAR_FLOATS = 128 * 1024;

  /** Most floats of transformed weights that each stripe walks; more would come from memory. */
  private static final int STRIPED_WEIGHTS = 5 * 512 * 1024;

  /** Floats of transformed inputs between two phases: a quarter of a shared cache of 32 MiB. */
  private static final int PHASE_FLOATS = 2 * 1024 * 1024;

  /** Most tiles of a stripe: two of the tallest register tiles. */
  private static final int STRIPE_TILES = 28;

  /** Tiles for each thread from which stripes pay. */
  private static final int LEAST_TILES = 20;

  /** Floats between two points' values beyond what they take, so that they fall in other sets. */
  private static final int SKEW = 16;

  private final WinogradTransform transform;
  private final int pad;
  private final int inBlocks;
  private final int outBlocks;

  private final WinogradWeights source;
  private final PackMemory memory;

  /** The transformed weights, or null if they are transformed by each run. */
  private final float @Nullable [] weights;

  private WinogradConv2d(
      WinogradTransform transform,
      int pad,
      WinogradWeights source,
      PackMemory memory,
      float @Nullable [] weights) {
    this.transform = transform;
    this.pad = pad;
    this.source = source;
    this.memory = memory;
    this.inBlocks = source.inBlocks();
    this.outBlocks = source.outBlocks();
    this.weights = weights;
  }

  private WinogradConv2d withWeights(Threads threads) {
    return new WinogradConv2d(transform, pad, source, memory, source.all(memory, threads));
  }

  /** Whether convolutions of this shape can be computed so. */
  public static boolean supports(Conv2dGeometry g) {
    return g.kernelH() == 3
        && g.kernelW() == 3
        && g.strideH() == 1
        && g.strideW() == 1
        && g.dilationH() == 1
        && g.dilationW() == 1
        && g.padH() == g.padW()
        && g.padH() <= 2;
  }

  /** The forward of these weights {@code [O, I, 3, 3]} with tiles of 2x2 or 4x4 outputs. */
  public static WinogradConv2d forward(Conv2dGeometry g, float[] oihw, int tile) {
    return forwardOnce(g, oihw, tile, new PackMemory()).withWeights(Threads.shared());
  }

  /**
   * As the other, but the weights are transformed by each run, into this memory: for weights that
   * are used once. A run has the memory for itself.
   */
  public static WinogradConv2d forwardOnce(
      Conv2dGeometry g, float[] oihw, int tile, PackMemory memory) {
    WinogradTransform transform = transform(g, tile);
    WinogradWeights source = new WinogradWeights(transform, Conv2dWeights.forward(g, oihw), false);
    return new WinogradConv2d(transform, g.padH(), source, memory, null);
  }

  /** The backward to the input. */
  public static WinogradConv2d backwardInput(Conv2dGeometry g, float[] oihw, int tile) {
    return backwardInputOnce(g, oihw, tile, new PackMemory()).withWeights(Threads.shared());
  }

  /** As the other, but the weights are transformed by each run, as in {@link #forwardOnce}. */
  public static WinogradConv2d backwardInputOnce(
      Conv2dGeometry g, float[] oihw, int tile, PackMemory memory) {
    WinogradTransform transform = transform(g, tile);
    WinogradWeights source = new WinogradWeights(transform, Conv2dWeights.backward(g, oihw), true);
    return new WinogradConv2d(transform, 2 - g.padH(), source, memory, null);
  }

  static WinogradTransform transform(Conv2dGeometry g, int tile) {
    if (!supports(g) || (tile != 2 && tile != 4)) {
      throw new IllegalArgumentException("no Winograd F(%d, 3) for %s".formatted(tile, g));
    }
    return tile == 2 ? new WinogradF2() : new WinogradF4();
  }

  @Override
  public Halo halo(int inH, int inW, int outH, int outW) {
    int size = transform.outputs();
    int lastRow = (outH + size - 1) / size * size + 1 - pad;
    int lastColumn = (outW + size - 1) / size * size + 1 - pad;
    return new Halo(pad, Math.max(0, Math.max(lastRow - inH + 1, lastColumn - inW + 1)));
  }

  @Override
  public long bytes() {
    return weights == null ? 0 : (long) weights.length * Float.BYTES;
  }

  @Override
  public void run(Blocked x, Blocked y, Finish finish, Scratch scratch, Threads threads) {
    if (x.block != Lanes.BLOCK || !x.covers(halo(x.height, x.width, y.height, y.width))) {
      throw new IllegalArgumentException("input %s does not fit its convolution".formatted(x));
    }
    Run run = new Run(x, y, finish, threads.count());
    boolean striped =
        (long) outBlocks * source.panel() * run.products() <= STRIPED_WEIGHTS
            && run.tiles >= threads.count() * LEAST_TILES;
    if (weights == null && (striped || pieces(run, run.tiles, threads) > 1)) {
      withWeights(threads).run(x, y, finish, scratch, threads);
    } else if (striped) {
      stripes(run, scratch, threads);
    } else {
      int fitting = Math.max(1, PHASE_FLOATS / (run.products() * inBlocks * Lanes.BLOCK));
      int phases = (run.tiles + fitting - 1) / fitting;
      for (int phase = 0; phase < phases; phase++) {
        int first = (int) ((long) run.tiles * phase / phases);
        int end = (int) ((long) run.tiles * (phase + 1) / phases);
        inPhases(run, first, end - first, scratch, threads);
      }
    }
  }

  /** Each task transforms a stripe of tiles, multiplies it with all weights and transforms back. */
  private void stripes(Run run, Scratch scratch, Threads threads) {
    int tileFloats = run.products() * inBlocks * Lanes.BLOCK;
    int fitting = Math.max(1, Math.min(STRIPE_TILES, NEAR_FLOATS / tileFloats));
    int rounds = (run.tiles + fitting * threads.count() - 1) / (fitting * threads.count());
    int stripe = (run.tiles + rounds * threads.count() - 1) / (rounds * threads.count());
    int inputs = run.inputFloats(stripe);
    scratch.reserve(0, threads.count(), inputs + run.outputFloats(stripe));
    threads.run(
        (run.tiles + stripe - 1) / stripe,
        (task, worker) -> {
          float[] own = scratch.own(worker);
          int first = task * stripe;
          int tiles = Math.min(stripe, run.tiles - first);
          for (int block = 0; block < inBlocks; block++) {
            run.transformInputs(block, first, tiles, own, 0, tiles, own, inputs);
          }
          for (int block = 0; block < outBlocks; block++) {
            run.multiply(worker, block, first, tiles, own, 0, tiles, own, inputs);
          }
        });
  }

  /** Parts of some tiles whose products stay in cache until they are transformed. */
  private int pieces(Run run, int tiles, Threads threads) {
    int fitting = NEAR_FLOATS / (run.products() * Lanes.BLOCK);
    int forAll = Math.min(tiles, (threads.count() + outBlocks - 1) / outBlocks);
    return Math.max(forAll, (tiles + fitting - 1) / fitting);
  }

  /** All inputs of some tiles are transformed before the first product. */
  private void inPhases(Run run, int from, int count, Scratch scratch, Threads threads) {
    int pieces = pieces(run, count, threads);
    int piece = (count + pieces - 1) / pieces;
    scratch.reserve(run.inputFloats(count), threads.count(), run.outputFloats(piece));
    float[] inputs = scratch.common();
    float[][] own = weights == null ? new float[threads.count()][] : new float[0][];
    if (own.length > 0) {
      source.reserve(memory, threads);
      Arrays.setAll(own, worker -> source.takeBlock(memory));
    }
    threads.run(
        inBlocks,
        (block, worker) ->
            run.transformInputs(block, from, count, inputs, 0, count, scratch.own(worker), 0));
    threads.run(
        outBlocks * pieces,
        (task, worker) -> {
          int skip = task % pieces * piece;
          int tiles = Math.min(piece, count - skip);
          if (own.length > 0) {
            // Few tiles, so that the weights weigh more: transformed where they are used.
            source.block(task, memory, worker, own[worker]);
            run.use(worker, own[worker]);
          }
          int block = task / pieces;
          float[] products = scratch.own(worker);
          run.multiply(worker, block, from + skip, tiles, inputs, skip, count, products, 0);
        });
  }

  /** One call: the sizes that follow from its arguments. */
  private final class Run {
    final Blocked x;
    final Blocked y;
    final Finish finish;
    final int size = transform.outputs();
    final int points = transform.points();
    final int across;
    final int perImage;
    final int tiles;

    private final @Nullable TileArgs[] ofWorkers;

    Run(Blocked x, Blocked y, Finish finish, int workers) {
      this.ofWorkers = new TileArgs[workers];
      this.x = x;
      this.y = y;
      this.finish = finish;
      this.across = (y.width + size - 1) / size;
      this.perImage = (y.height + size - 1) / size * across;
      this.tiles = y.batch * perImage;
    }

    /** Products of a tile and a pair of channels. */
    int products() {
      return points * points;
    }

    /** Floats between two points of transformed inputs of so many tiles. */
    int inputPitch(int count) {
      return inBlocks * count * Lanes.BLOCK + SKEW;
    }

    int inputFloats(int count) {
      return products() * inputPitch(count);
    }

    int outputPitch(int count) {
      return count * Lanes.BLOCK + SKEW;
    }

    /** Products of a block of channels and, behind them, room for one tile. */
    int outputFloats(int count) {
      return products() * (outputPitch(count) + Lanes.BLOCK);
    }

    /**
     * {@code B' d B} of some tiles of one block of channels.
     *
     * @param to set to {@code [points^2][inBlocks][of][block]}
     * @param spare room for one tile from {@code spareAt}
     */
    void transformInputs(
        int block, int first, int count, float[] to, int at, int of, float[] spare, int spareAt) {
      int pitch = inputPitch(of);
      for (int t = 0; t < count; t++) {
        int tile = first + t;
        int from =
            x.offset(
                tile / perImage,
                block,
                tile % perImage / across * size - pad,
                tile % across * size - pad);
        int target = at + (block * of + t) * Lanes.BLOCK;
        transform.input(x.data, from, x.rowPitch, to, target, pitch, spare, spareAt);
      }
    }

    /**
     * The outputs of some tiles for one block of channels.
     *
     * @param worker who does it
     * @param in transformed inputs of {@code of} tiles; {@code skip} is the first to use
     * @param products room for them from {@code at}
     */
    void multiply(
        int worker,
        int block,
        int first,
        int count,
        float[] in,
        int skip,
        int of,
        float[] products,
        int at) {
      TileArgs args = args(worker);
      for (int b = 0; b < inBlocks; b++) {
        args.taps[b] = b * of * Lanes.BLOCK;
      }
      args.a = in;
      args.c = products;
      int panel = weights == null ? 0 : block * source.panel();
      int weightPitch = source.pitch(weights == null ? 1 : outBlocks);
      for (int point = 0; point < products(); point++) {
        int a = point * inputPitch(of) + skip * Lanes.BLOCK;
        int c = at + point * outputPitch(count);
        int done = 0;
        while (done < count) {
          int rows = TileArgs.rows(count - done);
          Tiles.run(
              rows,
              args,
              a + done * Lanes.BLOCK,
              point * weightPitch + panel,
              0,
              c + done * Lanes.BLOCK);
          done += rows;
        }
      }
      for (int t = 0; t < count; t++) {
        transformOutputs(block, first + t, products, at + t * Lanes.BLOCK, outputPitch(count), at);
      }
    }

    /** Lets a worker's products use these weights of one block. */
    void use(int worker, float[] block) {
      args(worker).w = block;
    }

    /** What all products of one worker share: made once a call, so that tasks allocate nothing. */
    private TileArgs args(int worker) {
      TileArgs args = ofWorkers[worker];
      if (args == null) {
        args = new TileArgs();
        args.aRow = Lanes.BLOCK;
        args.tapLength = Lanes.BLOCK;
        args.depth = inBlocks * Lanes.BLOCK;
        args.taps = new int[inBlocks + 1];
        args.w = weights == null ? TileArgs.ZEROS : weights;
        args.cRow = Lanes.BLOCK;
        ofWorkers[worker] = args;
      }
      return args;
    }

    /** {@code A' m A} of one tile, finished and stored. */
    private void transformOutputs(
        int block, int tile, float[] products, int from, int pitch, int at) {
      int spare = at + products() * pitch;
      transform.output(products, from, pitch, products, spare);
      int top = tile % perImage / across * size;
      int left = tile % across * size;
      int columns = Math.min(size, y.width - left);
      for (int i = 0; i < Math.min(size, y.height - top); i++) {
        int line = spare + i * size * Lanes.BLOCK;
        FinishRow.store(finish, products, line, y, tile / perImage, block, top + i, left, columns);
        Blocked gate = finish.gate();
        if (gate != null) {
          Gate.row(gate, y, tile / perImage, block, top + i, left, 1, columns);
        }
      }
    }
  }
}
