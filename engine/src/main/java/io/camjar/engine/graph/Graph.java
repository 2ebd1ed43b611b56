package io.camjar.engine.graph;

import io.camjar.engine.CamjarException;
import io.camjar.engine.op.Input;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Param;
import io.camjar.engine.op.Shape;
import io.camjar.engine.parameter.ParameterStore;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A network: operations in an order in which they can be computed, and the names of their values.
 * Immutable, and equal where nodes, names and outputs are. It holds no parameters; {@link #load}
 * says which it needs.
 *
 * <p>A value has the number of the node that computes it.
 */
public final class Graph {
  private final List<Node> nodes;
  private final List<Layer> layers;
  private final Map<String, Integer> outputs;
  private final Map<String, Integer> points = new HashMap<>();

  /**
   * Made by {@link GraphBuilder}.
   *
   * @param layers every name in the order in which people list them
   * @param outputs the results by name
   * @throws CamjarException if two operations with parameters have one path: gradients are kept by
   *     path, and one of the two would be lost
   */
  Graph(List<Node> nodes, List<Layer> layers, Map<String, Integer> outputs) {
    this.nodes = List.copyOf(nodes);
    this.layers = List.copyOf(layers);
    this.outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    Set<String> paths = new HashSet<>();
    for (Node node : nodes) {
      if (!node.op().parameters().isEmpty() && !paths.add(node.path())) {
        throw new CamjarException(
            "two operations with parameters are named '%s', and each needs a name of its own"
                .formatted(node.path()));
      }
    }
    inputs().forEach(value -> points.put(nodes.get(value).path(), value));
    layers.forEach(layer -> points.put(layer.path(), layer.value()));
  }

  /**
   * The same graph without operations that no result is computed from, as a file's own are where
   * several were read as one. Inputs stay; values are numbered anew.
   */
  public Graph needed() {
    BitSet needed = new BitSet();
    outputs.values().forEach(needed::set);
    inputs().forEach(needed::set);
    for (int value = nodes.size() - 1; value >= 0; value--) {
      if (needed.get(value)) {
        nodes.get(value).inputs().forEach(needed::set);
      }
    }
    int[] numbers = new int[nodes.size()];
    List<Node> kept = new ArrayList<>();
    for (int value = 0; value < numbers.length; value++) {
      numbers[value] = kept.size();
      if (needed.get(value)) {
        Node node = nodes.get(value);
        List<Integer> read = node.inputs().stream().map(input -> numbers[input]).toList();
        kept.add(new Node(node.path(), node.op(), read));
      }
    }
    List<Layer> names = new ArrayList<>();
    for (Layer layer : layers) {
      if (needed.get(layer.value())) {
        int value = numbers[layer.value()];
        // A module's first operation may be gone; then its last one's input goes into it.
        List<Integer> read = kept.get(value).inputs();
        int own = read.isEmpty() ? value : read.get(0);
        int input = needed.get(layer.input()) ? numbers[layer.input()] : own;
        names.add(new Layer(layer.path(), layer.kind(), input, value, layer.node()));
      }
    }
    Map<String, Integer> results = new LinkedHashMap<>();
    outputs.forEach((name, value) -> results.put(name, numbers[value]));
    return new Graph(kept, names, results);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Graph graph
        && nodes.equals(graph.nodes)
        && layers.equals(graph.layers)
        && outputs.equals(graph.outputs);
  }

  @Override
  public int hashCode() {
    return Objects.hash(nodes, layers, outputs);
  }

  /** The nodes; a node's place is the number of its value. */
  public List<Node> nodes() {
    return nodes;
  }

  /** Every named layer and module; a module follows what it holds. Inputs are not among them. */
  public List<Layer> layers() {
    return layers;
  }

  /** The values that are given. */
  public List<Integer> inputs() {
    return IntStream.range(0, nodes.size())
        .filter(value -> nodes.get(value).op() instanceof Input)
        .boxed()
        .toList();
  }

  /** The results by name, such as {@code logits}. */
  public Map<String, Integer> outputs() {
    return outputs;
  }

  /** The value that a path names. */
  public int value(String path) {
    Integer value = points.get(path);
    if (value == null) {
      throw new IllegalStateException("the graph has no point " + path);
    }
    return value;
  }

  /** A path that names a value; a module's rather than that of its last operation. */
  public String name(int value) {
    return points.entrySet().stream()
        .filter(entry -> entry.getValue() == value)
        .map(Map.Entry::getKey)
        .min((a, b) -> a.length() != b.length() ? a.length() - b.length() : a.compareTo(b))
        .orElseGet(() -> nodes.get(value).path());
  }

  /**
   * The shapes of all values; null for those that the given ones do not lead to.
   *
   * @param given shapes by value
   * @throws CamjarException if an operation cannot take its inputs, or a given value, which others
   *     lead to as well, has another shape than they say
   */
  public List<@Nullable Shape> shapes(Map<Integer, Shape> given) {
    List<@Nullable Shape> shapes = new ArrayList<>(nodes.size());
    for (int value = 0; value < nodes.size(); value++) {
      Shape computed = shape(nodes.get(value), shapes);
      Shape start = given.get(value);
      if (start != null && computed != null && !start.equals(computed)) {
        throw new CamjarException(
            "the output of %s is to be replaced by an array of shape %s, expected %s"
                .formatted(name(value), start, computed));
      }
      shapes.add(start == null ? computed : start);
    }
    return shapes;
  }

  /**
   * The shape that a node computes, or null for an input and where one of its inputs is not known.
   */
  private static @Nullable Shape shape(Node node, List<@Nullable Shape> shapes) {
    List<Shape> inputs = new ArrayList<>(node.inputs().size());
    for (int input : node.inputs()) {
      Shape shape = shapes.get(input);
      if (shape == null) {
        return null;
      }
      inputs.add(shape);
    }
    return node.op() instanceof Input ? null : node.output(inputs);
  }

  /** Every layer as shapes pass through it, for one input of this shape. */
  public List<LayerShape> layerShapes(Shape input) {
    List<@Nullable Shape> shapes = shapes(Map.of(inputs().get(0), input));
    List<LayerShape> all = new ArrayList<>(layers.size());
    for (Layer layer : layers) {
      Shape in = shapes.get(layer.input());
      Shape out = shapes.get(layer.value());
      if (in == null || out == null) {
        throw new IllegalStateException("no shape reaches " + layer.path());
      }
      long parameters = 0;
      long work = 0;
      if (layer.node()) {
        Node node = nodes.get(layer.value());
        work = node.op().multiplyAccumulates(in, out);
        for (Param parameter : node.op().parameters()) {
          parameters += parameter.shape().length();
        }
      }
      all.add(
          new LayerShape(
              layer.path(), layer.kind(), parameters, work, in.toArray(), out.toArray()));
    }
    return all;
  }

  /** Names and shapes of all parameters and buffers, in the order of PyTorch's file. */
  public Map<String, Shape> parameterShapes() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (Layer layer : layers) {
      if (layer.node()) {
        Node node = nodes.get(layer.value());
        node.op().parameters().forEach(p -> shapes.put(node.parameter(p.name()), p.shape()));
      }
    }
    return shapes;
  }

  /**
   * Takes every parameter and buffer that the graph needs.
   *
   * @return by full name, in the order of {@link #parameterShapes}
   * @throws CamjarException if one is missing or has another shape, or they are of several types
   */
  public ParameterStore load(Parameters parameters) {
    ParameterStore.Builder builder = new ParameterStore.Builder();
    parameterShapes()
        .forEach(
            (name, shape) -> {
              long[] sides = shape.toArray();
              parameters
                  .source(name, sides)
                  .ifPresentOrElse(
                      source -> builder.source(name, source, sides),
                      () -> builder.array(name, parameters.get(name, sides)));
            });
    ParameterStore loaded = builder.build();
    loaded.requireOneType();
    return loaded;
  }

  /**
   * The part of the graph that one of its results depends on, with that as its only one. A module
   * of which that needs the value, but not what goes in first, is listed with its own value as what
   * goes in.
   *
   * @param output the name of the result
   * @param as its name in what is returned
   */
  public Graph endingWith(String output, String as) {
    Integer end = outputs.get(output);
    if (end == null) {
      throw new IllegalStateException("the graph has no output " + output);
    }
    Graph single = new Graph(nodes, layers, Map.of(as, end));
    boolean[] needed = single.neededFrom(Set.of());
    Map<Integer, Integer> places = new HashMap<>();
    List<Node> some = new ArrayList<>();
    for (int value = 0; value < nodes.size(); value++) {
      if (needed[value]) {
        Node node = nodes.get(value);
        places.put(value, some.size());
        some.add(
            new Node(node.path(), node.op(), node.inputs().stream().map(places::get).toList()));
      }
    }
    List<Layer> named =
        layers.stream()
            .filter(layer -> needed[layer.value()])
            .map(
                layer -> {
                  int value = places.get(layer.value());
                  return layer.at(places.getOrDefault(layer.input(), value), value);
                })
            .toList();
    return new Graph(some, named, Map.of(as, places.get(end)));
  }

  /**
   * The same graph with a row of other operations in the place of a module. The first takes in what
   * the module takes in; what the module puts out is then what the last puts out.
   *
   * @param module its path
   * @param row operations of one input each, by full path, in the order in which they are computed
   */
  public Graph replacing(String module, Map<String, Op> row) {
    Layer old =
        layers.stream()
            .filter(layer -> layer.path().equals(module))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("the graph has no module " + module));
    Predicate<String> within = path -> path.equals(module) || path.startsWith(module + ".");
    int[] places = new int[nodes.size()];
    List<Node> others = new ArrayList<>();
    int first = -1;
    for (int value = 0; value < places.length; value++) {
      Node node = nodes.get(value);
      if (!within.test(node.path())) {
        places[value] = others.size();
        others.add(
            new Node(node.path(), node.op(), node.inputs().stream().map(i -> places[i]).toList()));
      } else if (first < 0) {
        first = others.size();
        for (Map.Entry<String, Op> step : row.entrySet()) {
          int input = others.size() == first ? places[old.input()] : others.size() - 1;
          others.add(new Node(step.getKey(), step.getValue(), List.of(input)));
        }
        places[old.value()] = others.size() - 1;
      }
    }
    List<Layer> named = new ArrayList<>();
    boolean added = false;
    for (Layer layer : layers) {
      if (!within.test(layer.path())) {
        named.add(layer.at(places[layer.input()], places[layer.value()]));
      } else if (!added) {
        added = true;
        named.addAll(row(module, row, first, places[old.input()]));
      }
    }
    Map<String, Integer> results = new LinkedHashMap<>();
    outputs.forEach((name, value) -> results.put(name, places[value]));
    return new Graph(others, named, results);
  }

  /**
   * The names of a row of operations, and of the modules that hold them behind the last in each.
   */
  private static List<Layer> row(String module, Map<String, Op> row, int first, int input) {
    List<String> paths = List.copyOf(row.keySet());
    List<Layer> named = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      String path = paths.get(i);
      int in = i == 0 ? input : first + i - 1;
      named.add(new Layer(path, row.get(path).kind(), in, first + i, true));
      for (int dot = path.lastIndexOf('.');
          dot >= module.length();
          dot = path.lastIndexOf('.', dot - 1)) {
        String holder = path.substring(0, dot);
        String beginning = holder + ".";
        List<Integer> held =
            IntStream.range(0, paths.size())
                .filter(k -> paths.get(k).startsWith(beginning))
                .boxed()
                .toList();
        if (held.get(held.size() - 1) == i) {
          int start = held.get(0);
          int before = start == 0 ? input : first + start - 1;
          named.add(new Layer(holder, "Sequential", before, first + i, false));
        }
      }
    }
    return named;
  }

  /** Which values the outputs depend on, if these are given. */
  public boolean[] neededFrom(Set<Integer> given) {
    boolean[] needed = new boolean[nodes.size()];
    outputs.values().forEach(value -> needed[value] = true);
    for (int value = nodes.size() - 1; value >= 0; value--) {
      if (needed[value] && !given.contains(value)) {
        nodes.get(value).inputs().forEach(input -> needed[input] = true);
      }
    }
    return needed;
  }
}
