package io.camjar.weights.onnx;

import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  /** The first input that is a limit, by operation; all behind it are as well. */
  private static final Map<String, Integer> BOUNDS = Map.of("Clip", 1, "Pad", 2);

  private static final Set<String> PASSING =
      Set.of("Identity", "Cast", "Reshape", "Squeeze", "Unsqueeze");

  /**
   * The model's tensors: its initializers, and weights that a writer such as PaddlePaddle's keeps
   * in {@code Constant} nodes, under their outputs' names. Single numbers in such nodes are no
   * weights.
   */
  public StateDict tensors() {
    List<TensorEntry> tensors = new ArrayList<>(initializers.entries());
    for (OnnxNode node : nodes) {
      if (node.operation().equals("Constant")
          && node.outputs().size() == 1
          && node.attributes().get("value") instanceof OnnxAttribute.Tensor constant
          && constant.value().dtype().isFloating()
          && constant.value().rank() > 0) {
        tensors.add(constant.value().named(node.outputs().get(0)));
      }
    }
    return StateDict.of(tensors);
  }

  /**
   * Names of values that nothing but limits are made of: those of Clip, and what Pad puts around.
   * An infinite limit is none, and spoils no number.
   */
  public Set<String> bounds() {
    Set<String> bounds = new HashSet<>();
    Set<String> others = new HashSet<>();
    outputs.forEach(output -> others.add(output.name()));
    for (int i = nodes.size() - 1; i >= 0; i--) {
      OnnxNode node = nodes.get(i);
      int first = BOUNDS.getOrDefault(node.operation(), Integer.MAX_VALUE);
      boolean passes =
          PASSING.contains(node.operation())
              && !node.outputs().isEmpty()
              && bounds.contains(node.outputs().get(0))
              && !others.contains(node.outputs().get(0));
      for (int j = 0; j < node.inputs().size(); j++) {
        (j >= first || (passes && j == 0) ? bounds : others).add(node.inputs().get(j));
      }
    }
    bounds.removeAll(others);
    return bounds;
  }

  /** How many nodes of each type there are, by type in alphabetical order. */
  public Map<String, Integer> operations() {
    Map<String, Integer> counts = new TreeMap<>();
    nodes.forEach(node -> counts.merge(node.type(), 1, Integer::sum));
    return counts;
  }
}
