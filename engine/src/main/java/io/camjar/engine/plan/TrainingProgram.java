package io.camjar.engine.plan;

import io.camjar.engine.kernel.simd.Blocked.Halo;
import io.camjar.engine.threads.Threads;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a training step on a batch of one size does; made once. */
final class TrainingProgram {
  private final List<@Nullable Node> nodes;
  private final List<Shape> shapes;
  private final Readers readers;
  private final Map<Integer, TrainedConv2d> convolutions = new HashMap<>();
  private final Halos halos = new Halos();

  TrainingProgram(Graph graph, Shape input, TrainingMemory memory, Threads threads) {
    this.nodes = Fusion.of(graph.nodes(), Set.of());
    this.shapes = Shapes.of(graph.nodes(), input);
    this.readers = Readers.of(nodes);
    for (int value = nodes.size() - 1; value > 0; value--) {
      Node node = nodes.get(value);
      if (node instanceof Node.Conv conv) {
        Shape x = shapes.get(conv.x());
        TrainedConv2d convolution = new TrainedConv2d(conv, conv.x() == 0, x, shapes.get(value));
        convolutions.put(value, convolution);
        halos.widen(x, convolution.inputHalo(memory, threads));
        halos.widen(shapes.get(value), convolution.gradientHalo(memory, threads));
      }
    }
  }

  int values() {
    return nodes.size();
  }

  /** The node that computes a value, or null if it is folded into another. */
  @Nullable Node node(int value) {
    return nodes.get(value);
  }

  Shape shape(int value) {
    return shapes.get(value);
  }

  Halo halo(int value) {
    return halos.of(shapes.get(value));
  }

  /** The convolution that computes a value. */
  TrainedConv2d convolution(int value) {
    TrainedConv2d convolution = convolutions.get(value);
    if (convolution == null) {
      throw new IllegalStateException("value " + value + " is no convolution");
    }
    return convolution;
  }

  /** Whether a value is rectified in the step that computes it. */
  boolean rectified(int value) {
    return nodes.get(value) instanceof Node.Foldable step && step.relu();
  }

  /**
   * Whether the gradient that a node adds to a rectified value is the last there, so that it may
   * pass the rectifier at once.
   */
  boolean gates(int node, int value) {
    return readers.first(value) == node && rectified(value);
  }
}
