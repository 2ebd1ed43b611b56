package io.camjar.engine.plan;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.simd.Blocked.Halo;
import io.camjar.engine.threads.Threads;
import io.camjar.engine.trace.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one kind of pass does, for inputs of one size: shapes, borders, what is folded into what,
 * how long each value lives and how each convolution is computed. Made once, immutable, shared by
 * threads.
 */
final class Schedule {
  private final List<@Nullable Node> nodes;
  private final List<@Nullable Shape> shapes;
  private final Request request;
  private final Set<Integer> asked;
  private final boolean[] wanted;
  private final boolean[] kept;
  private final Readers readers;
  private final List<List<Integer>> done = new ArrayList<>();
  private final @Nullable Convolution[] convolutions;
  private final Halos halos = new Halos();

  /**
   * Plans a pass.
   *
   * @param given the shapes of the values that it starts from
   * @param asked values whose activations, and in a backward gradients, are kept
   * @param backward whether a backward may follow
   */
  Schedule(
      Graph graph,
      Map<Integer, Shape> given,
      Set<Integer> asked,
      Request request,
      boolean backward,
      PackedWeights weights,
      Memory memory) {
    Set<Integer> apart = new HashSet<>(asked);
    apart.addAll(given.keySet());
    this.nodes = needed(Fusion.of(graph.nodes(), apart), given.keySet());
    this.shapes = shapes(graph, given);
    this.request = request;
    this.asked = Set.copyOf(asked);
    this.wanted = wanted(backward);
    this.readers = Readers.of(nodes);
    this.kept = kept();
    this.convolutions = new Convolution[nodes.size()];
    // A pass that goes on from a value that was changed, to whatever extent, is as exact as can be.
    boolean exact = !request.train() && (!given.containsKey(0) || crossesRelu());
    for (int value = 0; value < nodes.size(); value++) {
      done.add(findDoneAfter(value));
      if (nodes.get(value) instanceof Node.Conv conv) {
        Shape x = shape(conv.x());
        Shape y = shape(value);
        Convolution convolution =
            request.train()
                ? new TrainedConv2d(conv, conv.x() == 0, wanted[conv.x()], x, y)
                : new PackedConvolution(conv, x, y, exact, wanted[conv.x()], weights);
        convolutions[value] = convolution;
        halos.widen(x, convolution.inputHalo(memory, Threads.shared()));
        halos.widen(y, convolution.gradientHalo(memory, Threads.shared()));
      }
    }
  }

  /** The nodes that the last value depends on without those before the given values. */
  private static List<@Nullable Node> needed(List<@Nullable Node> fused, Set<Integer> given) {
    boolean[] needed = new boolean[fused.size()];
    needed[fused.size() - 1] = true;
    List<@Nullable Node> nodes = new ArrayList<>(fused);
    for (int value = fused.size() - 1; value >= 0; value--) {
      Node node = fused.get(value);
      if (given.contains(value)) {
        nodes.set(value, new Node.Input());
      } else if (!needed[value]) {
        nodes.set(value, null);
      } else if (node != null) {
        node.inputs().forEach(input -> needed[input] = true);
      }
    }
    return nodes;
  }

  private static List<@Nullable Shape> shapes(Graph graph, Map<Integer, Shape> given) {
    List<@Nullable Shape> shapes = new ArrayList<>();
    for (int value = 0; value < graph.nodes().size(); value++) {
      Node node = graph.nodes().get(value);
      boolean known =
          !node.inputs().isEmpty()
              && node.inputs().stream().allMatch(input -> shapes.get(input) != null);
      Shape computed = known ? node.shape(shapes) : null;
      Shape start = given.get(value);
      if (start != null && computed != null && !start.equals(computed)) {
        throw new CamjarException(
            "the output of %s is to be replaced by an array of shape %s, expected %s"
                .formatted(
                    graph.name(value),
                    Arrays.toString(start.array()),
                    Arrays.toString(computed.array())));
      }
      shapes.add(start == null ? computed : start);
    }
    return shapes;
  }

  /** Which values a gradient must reach. */
  private boolean[] wanted(boolean backward) {
    boolean[] wants = new boolean[nodes.size()];
    for (int value = 0; backward && value < wants.length; value++) {
      Node node = nodes.get(value);
      wants[value] = asked.contains(value);
      if (node != null) {
        wants[value] |= trains(node);
        for (int input : node.inputs()) {
          wants[value] |= wants[input];
        }
      }
    }
    return wants;
  }

  /** Values that outlive the forward: asked for, or read by the backward. */
  private boolean[] kept() {
    boolean[] keeps = new boolean[nodes.size()];
    asked.forEach(value -> keeps[value] = true);
    keeps[nodes.size() - 1] = true;
    for (int value = 1; value < nodes.size(); value++) {
      Node node = nodes.get(value);
      if (node != null && passes(value)) {
        node.backwardReads(value).forEach(read -> keeps[read] = true);
        if (node instanceof Node.Conv conv && trains(node)) {
          keeps[conv.x()] = true;
        }
      }
    }
    return keeps;
  }

  /**
   * Whether a gradient passes a ReLU of the body on its way to a point: the sign of that ReLU's
   * input then decides the gradient's way, and depends on all that is computed before.
   */
  private boolean crossesRelu() {
    for (int value = 1; value < nodes.size(); value++) {
      Node node = nodes.get(value);
      if (node != null && node.relu() && !shape(value).features() && passes(value)) {
        return true;
      }
    }
    return false;
  }

  private boolean trains(Node node) {
    String path = node.trained();
    return path != null && request.trains(path);
  }

  /** Whether the parameters of a layer get a gradient. */
  boolean trains(String path) {
    return request.trains(path);
  }

  /** Whether a gradient goes on from a value, to what it was computed from or to parameters. */
  boolean passes(int value) {
    Node node = nodes.get(value);
    return node != null
        && (trains(node) || node.inputs().stream().anyMatch(input -> wanted[input]));
  }

  /**
   * Whether the gradient that a node adds to one of its inputs is the last there and may pass the
   * input's ReLU right away: nobody asks for what is before it.
   */
  boolean masks(int node, int input) {
    Node computed = nodes.get(input);
    return readers.first(input) == node
        && computed != null
        && computed.relu()
        && passes(input)
        && !asked.contains(input)
        && !request.guided();
  }

  boolean guided() {
    return request.guided();
  }

  boolean asks(int value) {
    return asked.contains(value);
  }

  int values() {
    return nodes.size();
  }

  /** The node that computes a value, or null if it is folded into another or not needed. */
  @Nullable Node node(int value) {
    return nodes.get(value);
  }

  Shape shape(int value) {
    Shape shape = shapes.get(value);
    if (shape == null) {
      throw new IllegalStateException("nothing of value " + value + " is known");
    }
    return shape;
  }

  Halo halo(int value) {
    return halos.of(shape(value));
  }

  /** Whether a gradient must reach a value. */
  boolean wants(int value) {
    return wanted[value];
  }

  /** The values that nothing behind this one reads, and that are not kept. */
  List<Integer> doneAfter(int value) {
    return done.get(value);
  }

  private List<Integer> findDoneAfter(int value) {
    Node node = nodes.get(value);
    return node == null
        ? List.of()
        : node.inputs().stream()
            .filter(input -> readers.last(input) == value && !kept[input])
            .distinct()
            .toList();
  }

  /** The convolution that computes a value. */
  Convolution convolution(int value) {
    Convolution convolution = convolutions[value];
    if (convolution == null) {
      throw new IllegalStateException("value " + value + " is no convolution");
    }
    return convolution;
  }
}
