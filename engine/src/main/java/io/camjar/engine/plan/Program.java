package io.camjar.engine.plan;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.Blocked.Halo;
import io.camjar.engine.kernel.simd.PackedConv2d;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one kind of pass does: a batch of one size, the points that are asked for, whether it is
 * walked back. Made once, immutable, shared by threads.
 */
final class Program {
  private final List<@Nullable Node> nodes;
  private final List<Shape> shapes;
  private final boolean[] wanted;
  private final boolean[] kept;
  private final Set<Integer> asked;
  private final Readers readers;
  private final Map<Integer, Convolution> forward = new HashMap<>();
  private final Map<Integer, PackedConv2d> backward = new HashMap<>();
  private final Halos halos = new Halos();

  /** A convolution ready to run. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Convolution(PackedConv2d packed, float @Nullable [] bias) {}

  /**
   * Plans a pass.
   *
   * @param asked values whose activations, and in a walk back gradients, are kept
   * @param walkedBack whether a backward may follow
   */
  Program(Graph graph, Shape input, Set<Integer> asked, boolean walkedBack, PackedWeights weights) {
    this.nodes = Fusion.of(graph.nodes(), asked);
    this.shapes = Shapes.of(graph.nodes(), input);
    this.wanted = wanted(asked, walkedBack);
    this.readers = Readers.of(nodes);
    this.kept = kept(asked);
    this.asked = Set.copyOf(asked);
    boolean exact = crossesRectifier();
    for (int value = 1; value < nodes.size(); value++) {
      if (nodes.get(value) instanceof Node.Conv conv) {
        plan(value, conv, exact, weights);
      }
    }
  }

  private void plan(int value, Node.Conv conv, boolean exact, PackedWeights weights) {
    Shape x = shapes.get(conv.x());
    Shape y = shapes.get(value);
    Conv2dGeometry g = conv.geometry();
    Algorithm algorithm = Algorithm.choose(g, y.batch(), y.height(), y.width(), exact);
    PackedConv2d packed = weights.forward(conv, algorithm, conv.x() == 0);
    forward.put(value, new Convolution(packed, weights.bias(conv)));
    halos.widen(x, packed.halo(x.height(), x.width(), y.height(), y.width()));
    if (wanted[conv.x()]) {
      // A gradient is linear in what flows back: no rounding changes its way.
      Algorithm back = Algorithm.choose(g, x.batch(), x.height(), x.width(), false);
      PackedConv2d packedBack = weights.backward(conv, back);
      backward.put(value, packedBack);
      halos.widen(y, packedBack.halo(y.height(), y.width(), x.height(), x.width()));
    }
  }

  /**
   * Whether a gradient passes a rectifier of the body on its way to a point: the sign of that
   * rectifier's input then decides the gradient's way, and depends on all that is computed before.
   */
  private boolean crossesRectifier() {
    for (int value = 1; value < nodes.size(); value++) {
      if (rectifies(value) && !shapes.get(value).features() && passes(value)) {
        return true;
      }
    }
    return false;
  }

  private boolean rectifies(int value) {
    Node node = nodes.get(value);
    return node instanceof Node.Relu || (node instanceof Node.Conv conv && conv.relu());
  }

  /** Whether a gradient goes on from a value to what it was computed from. */
  boolean passes(int value) {
    Node node = nodes.get(value);
    return node != null && node.inputs().stream().anyMatch(input -> wanted[input]);
  }

  /**
   * Whether the gradient that a node adds to one of its inputs is the last there and may pass the
   * input's rectifier at once: nobody asks for what is before it.
   */
  boolean gates(int value, int input) {
    return readers.first(input) == value
        && rectifies(input)
        && passes(input)
        && !asked.contains(input);
  }

  /** Which values a gradient must reach. */
  private boolean[] wanted(Set<Integer> asked, boolean walkedBack) {
    boolean[] wants = new boolean[nodes.size()];
    for (int value = 0; walkedBack && value < wants.length; value++) {
      Node node = nodes.get(value);
      wants[value] = asked.contains(value);
      if (node != null) {
        for (int input : node.inputs()) {
          wants[value] |= wants[input];
        }
      }
    }
    return wants;
  }

  /** Values that outlive the forward: asked for, or needed on the way back. */
  private boolean[] kept(Set<Integer> asked) {
    boolean[] keeps = new boolean[nodes.size()];
    asked.forEach(value -> keeps[value] = true);
    keeps[nodes.size() - 1] = true;
    for (int value = 1; value < nodes.size(); value++) {
      Node node = nodes.get(value);
      if (node == null || node.inputs().stream().noneMatch(input -> wanted[input])) {
        continue;
      }
      if (node instanceof Node.Relu || (node instanceof Node.Conv conv && conv.relu())) {
        keeps[value] = true;
      } else if (node instanceof Node.MaxPool pool) {
        keeps[pool.x()] = true;
      } else if (node instanceof Node.GlobalPool pool && pool.max()) {
        keeps[pool.x()] = true;
      }
    }
    return keeps;
  }

  Halo halo(int value) {
    return halos.of(shapes.get(value));
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

  /** Whether a value outlives the forward. */
  boolean keeps(int value) {
    return kept[value];
  }

  /** Whether a gradient must reach a value. */
  boolean wants(int value) {
    return wanted[value];
  }

  /** The values that nothing behind this one reads, and that are not kept. */
  List<Integer> doneAfter(int value) {
    List<Integer> done = new ArrayList<>();
    Node node = nodes.get(value);
    if (node != null) {
      for (int input : node.inputs()) {
        if (readers.last(input) == value && !kept[input]) {
          done.add(input);
        }
      }
    }
    return done;
  }

  Convolution forward(int value) {
    Convolution convolution = forward.get(value);
    if (convolution == null) {
      throw new IllegalStateException("value " + value + " is no convolution");
    }
    return convolution;
  }

  PackedConv2d backward(int value) {
    PackedConv2d packed = backward.get(value);
    if (packed == null) {
      throw new IllegalStateException("no gradient was planned through value " + value);
    }
    return packed;
  }
}
