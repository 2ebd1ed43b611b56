package io.camjar.engine.kernel.simd.conv;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.kernel.simd.Epilogue;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.kernel.simd.PackMemory;
import io.camjar.engine.kernel.simd.RowStrips;
import io.camjar.engine.kernel.simd.Scratch;
import io.camjar.engine.kernel.simd.TileArgs;
import io.camjar.engine.kernel.simd.Tiles;
import io.camjar.engine.threads.Threads;
import java.util.ArrayList;
import java.util.List;

/**
 * Convolution as a matrix product that finds its left matrix in the image itself: any kernel,
 * stride, padding and dilation, forward and backward to the input.
 *
 * <p>A register tile is up to 14 outputs of a row by a block of channels; its inputs are read where
 * they lie (blocked direct convolution: Georganas et al., arXiv 1808.05567), so nothing is copied
 * but what a lone tap with a stride sees ({@link Subsample}). A 1x1 convolution and a linear layer
 * are the same thing with one tap.
 */
public final class DirectConv2d implements PackedConv2d {
  /** Most floats of weights that stay in cache: half of 1 MiB. */
  private static final int NEAR_FLOATS = 128 * 1024;

  /** Floats of a strip that stay in a core's cache together with a block's weights. */
  private static final int STRIP_FLOATS = (Lanes.hasManyRegisters() ? 128 : 64) * 1024;

  /** Blocks of outputs for each thread from which maps of these are not shared out. */
  private static final int WHOLE_BLOCKS = 4;

  /**
   * Steps of a long sum. Where 16 registers make small tiles, which read their inputs more often,
   * those of a shorter one stay in a core's nearest cache; with 32, one more pass over the sums
   * costs more.
   */
  private static final int LONG_SUM = Lanes.hasManyRegisters() ? 1024 : TileArgs.PART;

  private final int inBlock;
  private final InputBlocks read;
  private final List<Sweep> sweeps;

  /** Steps that are summed in one go. */
  private final int summed;

  private DirectConv2d(
      List<ConvSweep> passes,
      Conv2dWeights weights,
      int inBlock,
      PackMemory memory,
      Threads threads) {
    this.inBlock = inBlock;
    this.read = weights.inputBlocks(inBlock);
    this.sweeps = new ArrayList<>();
    this.summed = TileArgs.PART;
    for (ConvSweep pass : passes) {
      sweeps.add(new Sweep(pass, weights.pack(pass, inBlock, memory, threads)));
    }
  }

  /** The same convolution, with other sums. */
  private DirectConv2d(DirectConv2d other, int summed) {
    this.inBlock = other.inBlock;
    this.read = other.read;
    this.sweeps = other.sweeps;
    this.summed = summed;
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

  /** The forward on a {@link BlockedTensor#image image}. */
  public static DirectConv2d forwardOfImage(Conv2dGeometry g, float[] oihw) {
    return forwardOfImage(g, oihw, new PackMemory(), Threads.shared());
  }

  /** As the other, with the weights laid out in this memory. */
  public static DirectConv2d forwardOfImage(
      Conv2dGeometry g, float[] oihw, PackMemory memory, Threads threads) {
    return forward(g, oihw, Math.min(g.inChannels(), Lanes.BLOCK), memory, threads);
  }

  /**
   * The forward of a convolution in groups, whose weights are {@code [O, I / groups, kH, kW]}: a
   * block of outputs reads the blocks that hold its groups. Weights of other groups are zeros, so
   * groups smaller than a block cost as much as one.
   */
  public static DirectConv2d forwardInGroups(
      Conv2dGeometry g, int groups, float[] oihw, PackMemory memory, Threads threads) {
    Conv2dWeights weights = Conv2dWeights.forward(g, groups, oihw);
    return new DirectConv2d(ConvSweep.forward(g), weights, Lanes.BLOCK, memory, threads);
  }

  /** The backward to the input of a convolution in groups. */
  public static DirectConv2d backwardInputInGroups(
      Conv2dGeometry g, int groups, float[] oihw, PackMemory memory, Threads threads) {
    Conv2dWeights weights = Conv2dWeights.backward(g, groups, oihw);
    return new DirectConv2d(ConvSweep.backward(g), weights, Lanes.BLOCK, memory, threads);
  }

  private static DirectConv2d forward(
      Conv2dGeometry g, float[] oihw, int inBlock, PackMemory memory, Threads threads) {
    Conv2dWeights weights = Conv2dWeights.forward(g, 1, oihw);
    return new DirectConv2d(ConvSweep.forward(g), weights, inBlock, memory, threads);
  }

  /** The backward to the input: from the gradient of the output to that of the input. */
  public static DirectConv2d backwardInput(Conv2dGeometry g, float[] oihw) {
    return backwardInput(g, oihw, new PackMemory(), Threads.shared());
  }

  /** As the other, with the weights laid out in this memory. */
  public static DirectConv2d backwardInput(
      Conv2dGeometry g, float[] oihw, PackMemory memory, Threads threads) {
    Conv2dWeights weights = Conv2dWeights.backward(g, 1, oihw);
    return new DirectConv2d(ConvSweep.backward(g), weights, Lanes.BLOCK, memory, threads);
  }

  /**
   * The same convolution, of the same weights in memory, with longer sums: faster, and with more
   * rounding, since each part of a sum is rounded as far as it is long.
   */
  public DirectConv2d inLongSums() {
    return new DirectConv2d(this, LONG_SUM);
  }

  @Override
  public Halo halo(int inH, int inW, int outH, int outW) {
    return Sweep.halo(sweeps, inH, inW, outH, outW);
  }

  @Override
  public void run(
      BlockedTensor x, BlockedTensor y, Epilogue epilogue, Scratch scratch, Threads threads) {
    if (x.block != inBlock || !x.covers(halo(x.height, x.width, y.height, y.width))) {
      throw new IllegalArgumentException("input %s does not fit its convolution".formatted(x));
    }
    for (Sweep sweep : sweeps) {
      run(sweep, x, y, epilogue, scratch, threads);
    }
  }

  private void run(
      Sweep sweep,
      BlockedTensor x,
      BlockedTensor y,
      Epilogue epilogue,
      Scratch scratch,
      Threads threads) {
    ConvSweep pass = sweep.pass();
    if (pass.skipsInputs() && y.blocks > 1) {
      BlockedTensor read = Subsample.of(x, pass, y, scratch, threads);
      run(new Sweep(pass.dense(), sweep.weights()), read, y, epilogue, threads);
    } else {
      run(sweep, x, y, epilogue, threads);
    }
  }

  private void run(
      Sweep sweep, BlockedTensor x, BlockedTensor y, Epilogue epilogue, Threads threads) {
    ConvSweep pass = sweep.pass();
    int lines = y.batch * pass.rows().outputs(y.height);
    int columns = pass.columns().outputs(y.width);
    if (lines == 0 || columns == 0) {
      return;
    }
    DirectConvLoop sums = new DirectConvLoop(pass, read, sweep.weights(), x, y, epilogue, summed);
    int strip = strip(sums, lines, x, y);
    int together = Math.max(1, STRIP_FLOATS / (strip * columns * y.block));
    int piece = strip == lines && isWhole(columns, y, threads) ? lines : 1;
    threads.run(
        lines / piece * y.blocks,
        strip / piece * Math.min(y.blocks, together),
        1,
        (from, end, worker) -> sums.run(from * piece, end * piece, strip));
  }

  /**
   * Whether no map of a block is shared out: where maps are so small and blocks so many that a
   * block's weights, read for some lines by one thread and for the others by another, take longer
   * than a thread waits for another's last block.
   */
  private static boolean isWhole(int columns, BlockedTensor y, Threads threads) {
    return columns <= Tiles.FEW_ROWS && y.blocks >= WHOLE_BLOCKS * threads.count();
  }

  /**
   * Lines of outputs that are computed for all blocks before the next ones.
   *
   * <p>Light weights are walked strip by strip of the image, so that a thread finds in its cache
   * the rows that it has computed before; heavy ones are shared out and walked once, unless the
   * images, walked again for each block of outputs, would then be read more often from afar.
   */
  private static int strip(DirectConvLoop sums, int lines, BlockedTensor x, BlockedTensor y) {
    long weights = (long) y.blocks * sums.panel();
    if (weights < Math.min(x.imagePitch, NEAR_FLOATS)) {
      return RowStrips.strip(lines / y.batch);
    }
    long inputs = sums.inputs(lines);
    long nearStrips = (inputs / sums.parts() + STRIP_FLOATS - 1) / STRIP_FLOATS;
    if (weights * nearStrips < y.blocks * inputs) {
      return (int) Math.max(1, (lines + nearStrips - 1) / nearStrips);
    }
    return lines;
  }

  @Override
  public long bytes() {
    return Sweep.bytes(sweeps);
  }
}
