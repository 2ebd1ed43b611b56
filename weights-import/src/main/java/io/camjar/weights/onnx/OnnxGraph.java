package io.camjar.weights.onnx;

import io.camjar.weights.tensor.StateDict;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a model computes.
 *
 * @param name the graph's name
 * @param nodes in an order in which every node's inputs come before it
 * @param initializers constant tensors by name: weights, and numbers that exporters need
 * @param inputs without those that are initializers (before IR version 4 a file lists both)
 * @param outputs in order
 */
public record OnnxGraph(
    String name,
    List<OnnxNode> nodes,
    StateDict initializers,
    List<OnnxValue> inputs,
    List<OnnxValue> outputs) {

  /** How many nodes of each type there are, by type in alphabetical order. */
  public Map<String, Integer> operations() {
    Map<String, Integer> counts = new TreeMap<>();
    nodes.forEach(node -> counts.merge(node.type(), 1, Integer::sum));
    return counts;
  }
}
