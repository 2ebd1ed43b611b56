package io.camjar.engine.kernel.simd.winograd;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.kernel.simd.Epilogue;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.kernel.simd.PackMemory;
import io.camjar.engine.kernel.simd.Scratch;
import io.camjar.engine.kernel.simd.conv.PackedConv2d;
import io.camjar.engine.kernel.simd.winograd.WinogradTiles.Inputs;
import io.camjar.engine.threads.Threads;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Objects;
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
  /**
   * Floats in a core's own cache: 1 MiB is usual where there are 32 vector registers, half of it
   * where there are 16.
   */
  private static final int CORE_FLOATS = (Lanes.hasManyRegisters() ? 256 : 128) * 1024;

  /** Floats that are worked on together. */
  private static final int NEAR_FLOATS = CORE_FLOATS / 2;

  /**
   * Most floats of transformed weights that each stripe walks, whatever there is to do; 16
   * registers ask for them twice as often as 32. More are read once for all tiles.
   */
  private static final int STRIPED_WEIGHTS = (Lanes.hasManyRegisters() ? 10 : 2) * CORE_FLOATS;

  /** The same where the inputs of all tiles, transformed at once, would crowd a shared cache. */
  private static final int CROWDED_WEIGHTS = 10 * CORE_FLOATS;

  /**
   * Most floats of transformed weights that are walked for each stripe a core's cache can hold:
   * those of 128 channels to 128 for 32 registers. For more, a stripe is as long as a range of a
   * thread's share: half of what is left of it each time, so that the weights are walked two to
   * five times a thread. They take longer to read than a thread's own transformed inputs do from a
   * shared cache.
   */
  private static final int WALKED_AGAIN = (Lanes.hasManyRegisters() ? 3 : 10) * CORE_FLOATS;

  /** Floats of transformed inputs that crowd it. */
  private static final int CROWD = 1024 * 1024;

  /** Floats of transformed inputs between two phases: a quarter of a shared cache of 32 MiB. */
  private static final int PHASE_FLOATS = 2 * 1024 * 1024;

  /** Floats of the products of a task that stay in cache until they are transformed. */
  private static final int PRODUCT_FLOATS = 128 * 1024;

  /** Most tiles of a stripe whose inputs a core's cache holds. */
  private static final int STRIPE_TILES = 28;

  /** Least groups of tiles, 16 registers having small ones, for which all weights are walked. */
  private static final int SHORTEST = 3;

  /** Tiles for each thread from which stripes pay. */
  private static final int LEAST_TILES = 20;

  /** Most floats of transformed inputs of which each thread has a copy of its own, in its cache. */
  private static final int OWN_FLOATS = CORE_FLOATS / 8 * 5;

  /**
   * Most threads that transform all inputs for themselves: reading what another core has written
   * costs as much as transforming it again, but with more threads transforming would be most of it.
   */
  private static final int OWN_THREADS = 4;

  private final WinogradTransform transform;
  private final int pad;
  private final int inBlocks;
  private final int outBlocks;

  /** Floats of all transformed weights. */
  private final int floats;

  /** Floats that a worker's products need beyond their results. */
  private final int room;

  /** Weights that each run transforms for itself, or null. */
  private final @Nullable Once once;

  /** Products with weights that are transformed, or null. */
  private final @Nullable WinogradProducts products;

  /** Weights that are transformed by each run, into this memory. */
  private record Once(WinogradWeights weights, PackMemory memory) {

    /** Room for the weights of one block of outputs for each worker. */
    WinogradProducts[] ofWorkers(Threads threads) {
      weights.reserve(memory, threads);
      WinogradProducts[] own = new WinogradProducts[threads.count()];
      Arrays.setAll(own, worker -> weights.takeBlock(memory));
      return own;
    }
  }

  private WinogradConv2d(
      int pad, WinogradWeights weights, @Nullable Once once, @Nullable WinogradProducts products) {
    this.transform = weights.transform();
    this.pad = pad;
    this.inBlocks = weights.inBlocks();
    this.outBlocks = weights.outBlocks();
    this.floats = weights.floats();
    this.room = weights.room();
    this.once = once;
    this.products = products;
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

  /** The forward of these weights {@code [O, I, 3, 3]}. */
  public static WinogradConv2d forward(Conv2dGeometry g, float[] oihw, Winograd method) {
    return transformed(
        g.padH(), weights(g, FloatBuffer.wrap(oihw), method, false, new KernelLoops()));
  }

  /**
   * As the other, but the weights are transformed by each run, into this memory: for weights that
   * are used once. A run has the memory for itself.
   */
  public static WinogradConv2d forwardOnce(
      Conv2dGeometry g, FloatBuffer oihw, Winograd method, PackMemory memory) {
    return once(g.padH(), weights(g, oihw, method, false, new KernelVectors()), memory);
  }

  /** The backward to the input. */
  public static WinogradConv2d backwardInput(Conv2dGeometry g, float[] oihw, Winograd method) {
    return transformed(
        2 - g.padH(), weights(g, FloatBuffer.wrap(oihw), method, true, new KernelLoops()));
  }

  /** As the other, but the weights are transformed by each run, as in {@link #forwardOnce}. */
  public static WinogradConv2d backwardInputOnce(
      Conv2dGeometry g, FloatBuffer oihw, Winograd method, PackMemory memory) {
    return once(2 - g.padH(), weights(g, oihw, method, true, new KernelVectors()), memory);
  }

  private static WinogradWeights weights(
      Conv2dGeometry g, FloatBuffer oihw, Winograd method, boolean backward, KernelRows rows) {
    check(g);
    return new WinogradWeights(method, g, oihw, backward, rows);
  }

  private static WinogradConv2d transformed(int pad, WinogradWeights weights) {
    WinogradProducts products = weights.all(new PackMemory(), Threads.shared());
    return new WinogradConv2d(pad, weights, null, products);
  }

  private static WinogradConv2d once(int pad, WinogradWeights weights, PackMemory memory) {
    return new WinogradConv2d(pad, weights, new Once(weights, memory), null);
  }

  static void check(Conv2dGeometry g) {
    if (!supports(g)) {
      throw new IllegalArgumentException("no Winograd convolution for %s".formatted(g));
    }
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
    return products == null ? 0 : (long) products.packed().length * Float.BYTES;
  }

  @Override
  public void run(
      BlockedTensor x, BlockedTensor y, Epilogue epilogue, Scratch scratch, Threads threads) {
    if (x.block != Lanes.BLOCK || !x.covers(halo(x.height, x.width, y.height, y.width))) {
      throw new IllegalArgumentException("input %s does not fit its convolution".formatted(x));
    }
    WinogradTiles tiles = new WinogradTiles(transform, pad, x, y, epilogue, threads.count());
    boolean striped = striped(tiles, threads);
    if (once != null && (striped || needsParts(tiles, threads))) {
      WinogradProducts all = once.weights.all(once.memory, threads);
      new WinogradConv2d(pad, once.weights, null, all).run(x, y, epilogue, scratch, threads);
    } else if (striped) {
      stripes(tiles, scratch, threads);
    } else {
      int fitting = Math.max(1, PHASE_FLOATS / tiles.tileFloats());
      int phases = (tiles.count + fitting - 1) / fitting;
      for (int phase = 0; phase < phases; phase++) {
        int first = (int) ((long) tiles.count * phase / phases);
        int end = (int) ((long) tiles.count * (phase + 1) / phases);
        phase(tiles, first, end - first, scratch, threads);
      }
    }
  }

  /** Whether whole blocks of outputs, as one run's weights ask for, are too few or too large. */
  private boolean needsParts(WinogradTiles tiles, Threads threads) {
    TileGroups groups = tiles.inputGroups(tiles.count);
    return outBlocks < threads.count() || piece(tiles, groups) < groups.groups;
  }

  private boolean striped(WinogradTiles tiles, Threads threads) {
    if (tiles.count < threads.count() * LEAST_TILES) {
      return false;
    }
    boolean crowd = (long) tiles.count * tiles.tileFloats() > CROWD;
    return floats <= (crowd ? CROWDED_WEIGHTS : STRIPED_WEIGHTS);
  }

  /** Each stripe of tiles is transformed, multiplied with all weights and transformed back. */
  private void stripes(WinogradTiles tiles, Scratch scratch, Threads threads) {
    WinogradProducts weights = Objects.requireNonNull(products);
    int rows = Lanes.MAX_ROWS;
    // As even as can be: a rest would be a tile of few rows, which is slow and seldom compiled.
    TileGroups all = tiles.inputGroups(tiles.count);
    int share = (all.groups + threads.count() - 1) / threads.count();
    int longest = Math.max(1, Math.min(share, stripe(tiles, threads) / rows));
    TileGroups largest = tiles.inputGroups(longest * rows);
    int at = tiles.inputFloats(largest);
    scratch.reserve(0, threads.count(), at + tiles.outputFloats(largest.groups) + room);
    threads.run(
        all.groups,
        longest,
        Math.min(longest, SHORTEST),
        (from, end, worker) -> {
          float[] own = scratch.own(worker);
          int first = all.first(from);
          int count = all.first(end) - first;
          TileGroups groups = count == largest.count ? largest : tiles.inputGroups(count);
          Inputs inputs = new Inputs(own, first, groups);
          tiles.transformInputs(inputs, own, at);
          for (int block = 0; block < outBlocks; block++) {
            tiles.multiply(worker, weights, block, 0, groups.groups, inputs, own, at);
          }
        });
  }

  /** Most tiles of a stripe. */
  private int stripe(WinogradTiles tiles, Threads threads) {
    int near = Math.min(STRIPE_TILES, NEAR_FLOATS / tiles.tileFloats());
    int share = PHASE_FLOATS / threads.count() / tiles.tileFloats();
    return floats <= WALKED_AGAIN ? near : Math.max(near, share);
  }

  /** Groups of tiles whose products stay in cache until they are transformed. */
  private int piece(WinogradTiles tiles, TileGroups groups) {
    int pieces = (tiles.outputFloats(groups.groups) + PRODUCT_FLOATS - 1) / PRODUCT_FLOATS;
    return (groups.groups + pieces - 1) / pieces;
  }

  /**
   * All inputs of some tiles are transformed before their first product; a range is some groups of
   * tiles of one block of outputs.
   */
  private void phase(WinogradTiles tiles, int from, int count, Scratch scratch, Threads threads) {
    TileGroups groups = tiles.inputGroups(count);
    int piece = piece(tiles, groups);
    int floats = tiles.inputFloats(groups);
    // Values, not room: a group that is not full has rows that nobody touches.
    boolean owned = count * tiles.tileFloats() <= OWN_FLOATS && threads.count() <= OWN_THREADS;
    int at = owned ? floats : 0;
    scratch.reserve(owned ? 0 : floats, threads.count(), at + tiles.outputFloats(piece) + room);
    Inputs[] inputs = new Inputs[threads.count()];
    if (!owned) {
      Inputs common = new Inputs(scratch.common(), from, groups);
      Arrays.fill(inputs, common);
      threads.run(
          inBlocks * groups.groups,
          groups.groups,
          1,
          (start, end, worker) -> {
            int block = start / groups.groups;
            int skip = block * groups.groups;
            tiles.transformInputs(block, start - skip, end - skip, common, scratch.own(worker), 0);
          });
    }
    WinogradProducts[] own = once == null ? new WinogradProducts[0] : once.ofWorkers(threads);
    threads.run(
        outBlocks * groups.groups,
        groups.groups,
        once == null ? Math.min(groups.groups, SHORTEST) : groups.groups,
        (start, end, worker) -> {
          float[] room = scratch.own(worker);
          if (inputs[worker] == null) {
            inputs[worker] = new Inputs(room, from, groups);
            tiles.transformInputs(inputs[worker], room, at);
          }
          int block = start / groups.groups;
          int endGroup = end - block * groups.groups;
          WinogradProducts weights = products;
          if (once != null) {
            // Few tiles, so that the weights weigh more: transformed where they are used.
            weights = own[worker];
            once.weights.transform(block, once.memory, worker, weights.packed());
          }
          for (int group = start % groups.groups; group < endGroup; group += piece) {
            int pieceEnd = Math.min(endGroup, group + piece);
            tiles.multiply(worker, weights, block, group, pieceEnd, inputs[worker], room, at);
          }
        });
  }
}
