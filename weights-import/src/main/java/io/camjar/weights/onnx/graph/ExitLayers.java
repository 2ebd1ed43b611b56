package io.camjar.weights.onnx.graph;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.Layer;
import io.camjar.engine.graph.Node;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where the exits of a network leave it: the maps that each exit's classifier reads.
 *
 * <p>An exit shares these maps with the exits behind it, and they are the last that it shares. The
 * last exit shares none: its maps lie where they lie before the classifier of the exit before it,
 * if both classifiers are built alike, and else are the last maps that its scores are computed
 * from. Where tokens attend to each other they are, for every exit, those that its last attention
 * reads.
 */
final class ExitLayers {
  private final Graph graph;
  private final SpatialPoints points;
  private final List<Integer> logits;

  /** For each exit the values that its scores depend on. */
  private final List<BitSet> behind = new ArrayList<>();

  private final List<Integer> layers = new ArrayList<>();

  private ExitLayers(Graph graph, SpatialPoints points, List<Integer> logits) {
    this.graph = graph;
    this.points = points;
    this.logits = List.copyOf(logits);
    logits.forEach(value -> behind.add(Dependence.origins(graph, value)));
  }

  /**
   * The layers of a network's exits; empty if its results are no exits. They are where an image
   * passes them one after another: the maps that one reads are computed from those that the one
   * before it reads, and behind these more learned layers lead to the last exit than to the exit's
   * own scores. Second classifiers that a network has for its training alone, which its results
   * name last, are not, nor are several classifiers of the same maps.
   *
   * @param logits the values of the results, in order
   */
  static Optional<ExitLayers> of(Graph graph, SpatialPoints points, List<Integer> logits) {
    ExitLayers exits = new ExitLayers(graph, points, logits);
    return exits.find() ? Optional.of(exits) : Optional.empty();
  }

  private boolean find() {
    int last = logits.size() - 1;
    BitSet later = new BitSet();
    List<Integer> found = new ArrayList<>();
    for (int exit = last - 1; exit >= 0; exit--) {
      later.or(behind.get(exit + 1));
      BitSet shared = (BitSet) behind.get(exit).clone();
      shared.and(later);
      Optional<Integer> attended = points.attended(behind.get(exit));
      Optional<Integer> layer = attended.isPresent() ? attended : points.lastOf(shared);
      if (layer.isEmpty() || !leaves(exit)) {
        return false;
      }
      found.add(0, layer.get());
    }
    layers.addAll(found);
    Optional<Integer> deepest = deepest();
    deepest.ifPresent(layers::add);
    return deepest.isPresent() && isChain();
  }

  /** The layer of the last exit. */
  private Optional<Integer> deepest() {
    int last = logits.size() - 1;
    return points
        .attended(behind.get(last))
        .or(() -> likeBefore(last))
        .or(() -> points.lastOf(behind.get(last)));
  }

  /** Whether an exit is an early one: its own learned layers are fewer than those yet to come. */
  private boolean leaves(int exit) {
    BitSet own = behind.get(exit);
    BitSet end = behind.get(logits.size() - 1);
    return learned(own, end) < learned(end, own);
  }

  private int learned(BitSet values, BitSet without) {
    BitSet rest = (BitSet) values.clone();
    rest.andNot(without);
    return (int) rest.stream().filter(value -> graph.nodes().get(value).learns()).count();
  }

  /**
   * The value from which operations lead to an exit's scores as they lead from the layer of the
   * exit before to the scores of that.
   */
  private Optional<Integer> likeBefore(int exit) {
    int layer = layers.get(exit - 1);
    BitSet from = Dependence.dependents(graph, layer);
    int model = logits.get(exit - 1);
    int value = logits.get(exit);
    while (model != layer) {
      Node one = graph.nodes().get(model);
      Node other = graph.nodes().get(value);
      int operand = operand(one, from);
      if (operand < 0
          || !one.op().kind().equals(other.op().kind())
          || one.inputs().size() != other.inputs().size()) {
        return Optional.empty();
      }
      model = one.inputs().get(operand);
      value = other.inputs().get(operand);
    }
    return points.isEnd(value) ? Optional.of(value) : Optional.empty();
  }

  /** The number of the first operand that is one of these values; -1 for none. */
  private static int operand(Node node, BitSet values) {
    for (int i = 0; i < node.inputs().size(); i++) {
      if (values.get(node.inputs().get(i))) {
        return i;
      }
    }
    return -1;
  }

  private boolean isChain() {
    for (int exit = 1; exit < layers.size(); exit++) {
      int before = layers.get(exit - 1);
      int layer = layers.get(exit);
      if (layer == before || !Dependence.origins(graph, layer).get(before)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The paths of the exits' layers in order. A value may have the names of several modules; all
   * exits' are taken from one depth of the tree of modules where that is possible.
   */
  List<String> paths() {
    long depth = depth(graph.name(layers.get(0)));
    return layers.stream()
        .map(
            value ->
                graph.layers().stream()
                    .filter(layer -> layer.value() == value && depth(layer.path()) == depth)
                    .map(Layer::path)
                    .findFirst()
                    .orElseGet(() -> graph.name(value)))
        .toList();
  }

  private static long depth(String path) {
    return path.chars().filter(c -> c == '.').count();
  }

  /**
   * The points of the evolution: the exits' layers, and before them the last value of each
   * resolution.
   */
  List<String> blocks() {
    List<String> paths = paths();
    Set<Integer> blocks = new TreeSet<>(points.last(trunk()));
    blocks.addAll(layers);
    return blocks.stream()
        .map(
            value -> {
              int exit = layers.indexOf(value);
              return exit < 0 ? graph.name(value) : paths.get(exit);
            })
        .toList();
  }

  /** The paths of layers that belong to an exit's classifier. */
  Set<String> heads() {
    BitSet trunk = trunk();
    return graph.layers().stream()
        .filter(layer -> !trunk.get(layer.value()))
        .map(Layer::path)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The values that lead to the last exit's layer. */
  private BitSet trunk() {
    return Dependence.origins(graph, layers.get(layers.size() - 1));
  }
}
