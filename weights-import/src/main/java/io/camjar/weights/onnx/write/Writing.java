package io.camjar.weights.onnx.write;

import io.camjar.engine.graph.Node;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Shape;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One node of a graph while it is written.
 *
 * @param nodes what is written so far
 * @param node the graph's node
 * @param inputs names of its inputs in the model
 * @param shapes of its inputs for one image
 * @param weights the network's parameters
 */
record Writing(Nodes nodes, Node node, List<String> inputs, List<Shape> shapes, StateDict weights) {

  /** How one kind of operation is written. */
  interface Of<T extends Op> {
    /** Adds the nodes; the name of the last one's output. */
    String write(T op, Writing here);
  }

  String input() {
    return inputs.get(0);
  }

  Shape shape() {
    return shapes.get(0);
  }

  /** The operation itself, on the node's own inputs. */
  String last(String operation, Message... attributes) {
    return nodes.add(node.path(), operation, inputs, attributes);
  }

  /** The operation itself, on these inputs. */
  String last(String operation, List<String> of, Message... attributes) {
    return nodes.add(node.path(), operation, of, attributes);
  }

  /** An operation before the last. */
  String before(String name, String operation, List<String> of, Message... attributes) {
    return nodes.add(node.path() + "/" + name, operation, of, attributes);
  }

  /** The node's inputs and some of its parameters behind them. */
  List<String> with(String... parameters) {
    List<String> all = new ArrayList<>(inputs);
    Arrays.stream(parameters).map(this::parameter).forEach(all::add);
    return all;
  }

  /** A parameter of the node, by its relative name. */
  String parameter(String name) {
    return nodes.constant(full(name), weight(name));
  }

  /** A parameter in another form. */
  String constant(String name, TensorEntry tensor) {
    return nodes.constant(full(name), tensor);
  }

  TensorEntry weight(String name) {
    String full = node.parameter(name);
    return weights
        .find(full)
        .orElseThrow(() -> new IllegalStateException("the network lacks " + full));
  }

  private String full(String name) {
    return node.parameter(name);
  }

  String integers(String name, long... values) {
    return nodes.integers(node.path() + "/" + name, values);
  }

  String integers(String name, List<? extends Number> values) {
    return integers(name, values.stream().mapToLong(Number::longValue).toArray());
  }

  String real(String name, double value) {
    return nodes.real(node.path() + "/" + name, value);
  }

  String reals(String name, double[] values) {
    return reals(name, values, values.length);
  }

  String reals(String name, double[] values, long... shape) {
    return nodes.reals(node.path() + "/" + name, values, shape);
  }
}
