package io.camjar.engine.graph;

import io.camjar.engine.op.Input;
import io.camjar.engine.op.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * Writes a graph down, operation by operation. A scope is a module: it puts its path before the
 * names inside and names the value that comes out.
 */
public final class GraphBuilder {
  private final List<Node> nodes = new ArrayList<>();
  private final List<Layer> layers = new ArrayList<>();
  private final Map<String, Integer> outputs = new LinkedHashMap<>();
  private String prefix = "";

  /** An input of this name; its value. */
  public int input(String name) {
    nodes.add(new Node(name, new Input(), List.of()));
    return nodes.size() - 1;
  }

  /**
   * An operation of this name, which is relative to the scope; its value. A parameter, which has no
   * inputs, is listed with its own value as what goes in.
   */
  public int op(String name, Op op, int... inputs) {
    String path = prefix + name;
    nodes.add(new Node(path, op, Arrays.stream(inputs).boxed().toList()));
    int value = nodes.size() - 1;
    layers.add(new Layer(path, op.kind(), inputs.length == 0 ? value : inputs[0], value, true));
    return value;
  }

  /**
   * A module.
   *
   * @param name relative to the scope around it
   * @param kind its class in PyTorch
   * @param x the value that goes in
   * @param body gives the value that comes out
   */
  public int scope(String name, String kind, int x, IntUnaryOperator body) {
    String outside = prefix;
    prefix = outside + name + ".";
    int y = body.applyAsInt(x);
    prefix = outside;
    return named(name, kind, x, y);
  }

  /** A name for the value that comes out of several operations, whose own names lack it. */
  public int group(String name, String kind, int x, IntUnaryOperator body) {
    return named(name, kind, x, body.applyAsInt(x));
  }

  private int named(String name, String kind, int x, int y) {
    layers.add(new Layer(prefix + name, kind, x, y, false));
    return y;
  }

  /** How many names there are so far. */
  public int names() {
    return layers.size();
  }

  /**
   * Moves names behind all later ones, where the order in which a network is listed is not the
   * order in which it is computed.
   *
   * @param from the first of them
   * @param to the first that stays
   */
  public void listLast(int from, int to) {
    Collections.rotate(layers.subList(from, layers.size()), from - to);
  }

  /** Declares a result. */
  public void output(String name, int value) {
    outputs.put(name, value);
  }

  /** The graph. */
  public Graph build() {
    return new Graph(nodes, layers, outputs);
  }
}
