package io.camjar.engine.backend.cpu;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.run.Lowered;
import io.camjar.engine.run.Step;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/** A graph as steps on blocked activations, with its packed weights and scratch memory. */
final class CpuGraph implements Lowered<BlockedTensor> {
  private final Graph graph;
  private final List<@Nullable Step<BlockedTensor>> steps;
  private final int[] values;
  private final List<Boolean> features;
  private final boolean training;
  private final boolean[] pictures;
  private final PackedWeights weights = new PackedWeights();
  private final Deque<Memory> memories = new ConcurrentLinkedDeque<>();

  CpuGraph(
      Graph graph,
      List<@Nullable Step<BlockedTensor>> steps,
      int[] values,
      List<Boolean> features,
      boolean training) {
    this.graph = graph;
    this.steps = steps;
    this.values = values;
    this.features = features;
    this.training = training;
    this.pictures = new boolean[steps.size()];
    for (int value = 0; value < pictures.length; value++) {
      pictures[value] = readAsPicture(value);
    }
  }

  @Override
  public Graph graph() {
    return graph;
  }

  @Override
  public List<@Nullable Step<BlockedTensor>> steps() {
    return steps;
  }

  @Override
  public int value(int graphValue) {
    return values[graphValue];
  }

  @Override
  public List<@Nullable Step<BlockedTensor>> fused(Set<Integer> apart) {
    return Fusion.of(steps, apart);
  }

  @Override
  public Size<BlockedTensor> size() {
    Buffers buffers = new Buffers();
    return schedule -> new CpuLayout(this, schedule, buffers);
  }

  /** Whether it serves passes that train. */
  boolean training() {
    return training;
  }

  /** Whether a value is features, {@code [N, F]} or as a pool leaves them {@code [N, F, 1, 1]}. */
  boolean isFeatures(int value) {
    return features.get(value);
  }

  /** Whether a value is an input of the network. */
  boolean isInput(int value) {
    return steps.get(value) == null;
  }

  /**
   * Whether an input has so few channels that they make a small block: convolutions can read it.
   */
  boolean isPicture(int value) {
    return pictures[value];
  }

  private boolean readAsPicture(int value) {
    return isInput(value)
        && steps.stream()
            .filter(step -> step != null && step.inputs().contains(value))
            .allMatch(
                step ->
                    step instanceof ConvStep conv
                        && BlockedTensor.fewChannels(conv.geometry().inChannels()));
  }

  PackedWeights weights() {
    return weights;
  }

  /** Memory of kernels, for one pass at a time. */
  Memory acquire() {
    Memory memory = memories.pollFirst();
    return memory == null ? new Memory() : memory;
  }

  void release(Memory memory) {
    memories.addFirst(memory);
  }
}
