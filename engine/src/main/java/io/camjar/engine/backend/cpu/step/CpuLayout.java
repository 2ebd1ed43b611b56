package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.backend.cpu.conv.Convolution;
import io.camjar.engine.backend.cpu.conv.PackedConvolution;
import io.camjar.engine.backend.cpu.conv.PlainWeights;
import io.camjar.engine.backend.cpu.conv.TrainedConv2d;
import io.camjar.engine.backend.cpu.memory.BlockedFeatureMaps;
import io.camjar.engine.backend.cpu.memory.BlockedShape;
import io.camjar.engine.backend.cpu.memory.Buffers;
import io.camjar.engine.backend.cpu.memory.Form;
import io.camjar.engine.backend.cpu.memory.Memory;
import io.camjar.engine.kernel.simd.BlockedLoops;
import io.camjar.engine.kernel.simd.BlockedSummary;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.kernel.simd.LayoutConversion;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.FeatureMaps;
import io.camjar.engine.run.Layout;
import io.camjar.engine.run.Schedule;
import io.camjar.engine.run.Step;
import io.camjar.engine.statistics.Measure;
import io.camjar.engine.statistics.Summary;
import io.camjar.engine.statistics.SummaryWithRelu;
import io.camjar.engine.threads.Threads;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Shapes in blocks, borders, and how each convolution of a schedule is computed. */
public final class CpuLayout implements Layout<BlockedTensor> {
  private final BlockedGraph graph;
  private final Schedule<BlockedTensor> schedule;
  private final Buffers buffers;
  private final @Nullable BlockedShape[] shapes;
  private final @Nullable Convolution[] convolutions;

  /** The borders of values by size: all values of one size have one layout. */
  private final Map<Long, Halo> bySize = new HashMap<>();

  private final @Nullable Halo[] halos;

  /** The concatenation in whose memory a value is computed; 0 for memory of its own. */
  private final int[] places;

  /**
   * The layout of the tensors of one schedule.
   *
   * @param buffers where their memory comes from and goes to
   */
  public CpuLayout(BlockedGraph graph, Schedule<BlockedTensor> schedule, Buffers buffers) {
    this.graph = graph;
    this.schedule = schedule;
    this.buffers = buffers;
    this.shapes = new BlockedShape[schedule.values()];
    this.convolutions = new Convolution[schedule.values()];
    this.halos = new Halo[schedule.values()];
    Memory memory = graph.acquire();
    PlainWeights plain = new PlainWeights();
    boolean exact = isExact();
    for (int value = 0; value < convolutions.length; value++) {
      if (schedule.step(value) instanceof ConvStep conv) {
        BlockedShape x = shape(conv.x());
        BlockedShape y = shape(value);
        boolean image = graph.isImage(conv.x());
        boolean goesBack = schedule.wants(conv.x());
        Convolution convolution =
            graph.learning()
                ? new TrainedConv2d(conv.op(), conv.weights(), image, goesBack, x, y)
                : new PackedConvolution(
                    conv.op(),
                    conv.weights(),
                    image,
                    x,
                    y,
                    exact,
                    goesBack,
                    schedule.summed(conv.x()),
                    graph.weights(),
                    plain);
        convolutions[value] = convolution;
        widen(x, convolution.inputHalo(memory, Threads.shared()));
        widen(y, convolution.gradientHalo(memory, Threads.shared()));
      }
    }
    graph.release(memory);
    this.places = places();
  }

  /**
   * Which values are computed where a concatenation has them: those of whole blocks that are its
   * first part, and need not outlive it. So grows a chain of concatenations, as a dense block's,
   * without being copied each time. A concatenation that a hook may replace has memory of its own.
   */
  private int[] places() {
    int[] all = new int[schedule.values()];
    for (int value = all.length - 1; value > 0; value--) {
      if (schedule.step(value) instanceof ConcatStep concat
          && concat.isPlain()
          && !schedule.showsActivation(value)) {
        int first = concat.parts().get(0);
        int place = all[value] == 0 ? value : all[value];
        if (all[first] == 0 && concat.parts().size() > 1 && isComputedInPlace(first, place)) {
          all[first] = place;
        }
      }
    }
    return all;
  }

  private boolean isComputedInPlace(int value, int place) {
    BlockedShape shape = shape(value);
    boolean blocks = shape.batch() == 1 && shape.channels() % Lanes.BLOCK == 0;
    boolean smaller = shape.channels() < shape(place).channels();
    boolean here = schedule.step(value) instanceof CpuStep step && !(step instanceof MoveStep);
    return blocks
        && smaller
        && here
        && shape.form() == Form.IMAGE
        && shape(place).form() == Form.IMAGE
        && schedule.outlives(place, value)
        && !isMoved(value)
        && !isMoved(place);
  }

  /** Whether a step reads a value that may hand its memory on. */
  private boolean isMoved(int value) {
    for (int reader = value; reader < schedule.values(); reader++) {
      if (schedule.step(reader) instanceof MoveStep move && move.x() == value) {
        return true;
      }
    }
    return false;
  }

  /** The layout of a schedule that runs here. */
  static CpuLayout of(Schedule<BlockedTensor> schedule) {
    return (CpuLayout) schedule.layout();
  }

  /**
   * Whether convolutions must be as near to their definition as a direct sum is: the sign of a
   * ReLU's input, or on which side of another kink a number is, then decides the way of a gradient,
   * and depends on all that is computed before. A pass that goes on from a value that was changed,
   * to whatever extent, is as exact as can be.
   */
  private boolean isExact() {
    if (schedule.request().train()) {
      return false;
    }
    boolean fromInputs = true;
    boolean crossesKink = false;
    for (int value = 0; value < schedule.values(); value++) {
      fromInputs &= !graph.isInput(value) || schedule.isGiven(value);
      Step<BlockedTensor> step = schedule.step(value);
      crossesKink |=
          step != null && step.hasKinks() && form(value) != Form.FEATURES && schedule.passes(value);
    }
    return !fromInputs || crossesKink;
  }

  private void widen(BlockedShape shape, Halo halo) {
    bySize.merge(shape.size(), halo, Halo::union);
  }

  BlockedShape shape(int value) {
    BlockedShape shape = shapes[value];
    if (shape == null) {
      shape = BlockedShape.of(schedule.shape(value), form(value));
      shapes[value] = shape;
    }
    return shape;
  }

  private Form form(int value) {
    return graph.form(value, schedule.shape(value));
  }

  Halo halo(int value) {
    Halo halo = halos[value];
    if (halo == null) {
      halo = bySize.getOrDefault(shape(value).size(), Halo.NONE);
      halos[value] = halo;
    }
    return halo;
  }

  /** The convolution that computes a value. */
  Convolution convolution(int value) {
    Convolution convolution = convolutions[value];
    if (convolution == null) {
      throw new IllegalStateException("value " + value + " is no convolution");
    }
    return convolution;
  }

  /** Memory for a value or its gradient; its border is zero. */
  BlockedTensor take(int value) {
    return buffers.take(shape(value), halo(value), false);
  }

  /** Memory for a value itself: where it is part of another one, the front of that one's. */
  BlockedTensor takeValue(int value) {
    int place = places[value];
    return place == 0 ? take(value) : take(place).withChannels(shape(value).channels());
  }

  /** Whether a part of a concatenation is computed where the concatenation has it. */
  boolean isInPlace(int part, int concatenation) {
    int place = places[part];
    return place != 0 && (place == concatenation || place == places[concatenation]);
  }

  /** Copies a value as callers see it into memory that is there. */
  void fill(int value, INDArray array, BlockedTensor blocked, Memory memory) {
    switch (form(value)) {
      case IMAGE -> LayoutConversion.fill(array, blocked, memory.scratch());
      case FEATURES -> LayoutConversion.fillFeatures(array, blocked);
      case TOKENS, CHANNELS_LAST -> LayoutConversion.fillTokens(array, blocked, memory.scratch());
      case PLAIN -> LayoutConversion.fillPlain(array, blocked);
    }
  }

  @Override
  public Object acquire() {
    return graph.acquire();
  }

  @Override
  public void release(@Nullable Object workspace) {
    graph.release(Memory.of(workspace));
  }

  @Override
  public BlockedTensor load(int value, INDArray array, @Nullable Object workspace) {
    BlockedTensor blocked = buffers.take(shape(value), halo(value), graph.isImage(value));
    fill(value, array, blocked, Memory.of(workspace));
    return blocked;
  }

  @Override
  public INDArray array(int value, BlockedTensor tensor, Shape shape) {
    return switch (form(value)) {
      case IMAGE -> LayoutConversion.array(tensor);
      case FEATURES -> {
        INDArray features = LayoutConversion.featureArray(tensor);
        yield shape.rank() == 2 ? features : features.reshape('c', shape.toArray());
      }
      case TOKENS, CHANNELS_LAST -> LayoutConversion.tokenArray(tensor, shape.toArray());
      case PLAIN -> LayoutConversion.plainArray(tensor, shape.toArray());
    };
  }

  @Override
  public boolean sharesArrays() {
    return false;
  }

  @Override
  public @Nullable FeatureMaps featureMaps(int value, BlockedTensor tensor) {
    return form(value) == Form.IMAGE ? new BlockedFeatureMaps(tensor, Threads.shared()) : null;
  }

  @Override
  public Summary summary(int value, BlockedTensor tensor, Shape shape, Measure measure) {
    return form(value) == Form.PLAIN
        ? BlockedSummary.ofPlain(tensor, Math.toIntExact(shape.length()), measure)
        : BlockedSummary.of(tensor, measure, Threads.shared());
  }

  @Override
  public SummaryWithRelu summaryWithRelu(
      int value, BlockedTensor tensor, Shape shape, Measure measure) {
    return form(value) == Form.PLAIN
        ? Layout.super.summaryWithRelu(value, tensor, shape, measure)
        : BlockedSummary.withRelu(tensor, measure, Threads.shared());
  }

  @Override
  public void store(int value, BlockedTensor tensor, INDArray array) {
    Memory memory = graph.acquire();
    fill(value, array, tensor, memory);
    graph.release(memory);
  }

  @Override
  public BlockedTensor copy(int value, BlockedTensor tensor) {
    BlockedTensor copy = take(value);
    BlockedLoops.copy(tensor, copy, Threads.shared());
    return copy;
  }

  @Override
  public BlockedTensor add(int value, BlockedTensor sum, BlockedTensor more) {
    BlockedLoops.add(sum, more, sum, Threads.shared());
    free(value, more);
    return sum;
  }

  @Override
  public void free(int value, BlockedTensor tensor) {
    // What is part of another value goes with that.
    if (!tensor.isPart()) {
      buffers.give(shape(value), halo(value), tensor);
    }
  }

  @Override
  public float[] takeGradient(int length) {
    return graph.gradients().take(length);
  }

  @Override
  public void giveGradient(float[] gradient) {
    graph.gradients().give(gradient);
  }

  @Override
  public long bytes(BlockedTensor tensor) {
    return tensor.isPart() ? 0 : tensor.bytes();
  }
}
