package io.camjar.weights.onnx.graph;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.OnnxGraph;
import io.camjar.weights.onnx.OnnxNode;
import io.camjar.weights.onnx.OnnxValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which value of a model its scores are. A softmax or sigmoid that ends it is left out: maps
 * explain the scores before it.
 *
 * @param logits the value's name
 * @param activation the node that is left out
 * @param others further outputs of the model, which are not computed
 */
record Results(String logits, Optional<OnnxNode> activation, List<String> others) {
  private static final Set<String> PASSING =
      Set.of("Identity", "Cast", "Flatten", "Reshape", "Squeeze", "Dropout");
  private static final Set<String> LAST = Set.of("Softmax", "LogSoftmax", "Sigmoid");

  static Results of(OnnxGraph graph) {
    if (graph.outputs().isEmpty()) {
      throw Malformed.damaged("its graph has no output");
    }
    OnnxValue scores =
        graph.outputs().stream()
            .filter(output -> output.shape().size() == 2)
            .findFirst()
            .orElse(graph.outputs().get(0));
    List<String> others =
        graph.outputs().stream()
            .map(OnnxValue::name)
            .filter(name -> !name.equals(scores.name()))
            .toList();
    Map<String, OnnxNode> origins = new HashMap<>();
    graph.nodes().forEach(node -> node.outputs().forEach(name -> origins.put(name, node)));
    String name = scores.name();
    OnnxNode node = origins.get(name);
    while (node != null && PASSING.contains(node.operation()) && !node.inputs().isEmpty()) {
      name = node.inputs().get(0);
      node = origins.get(name);
    }
    boolean ends = node != null && LAST.contains(node.operation()) && !node.inputs().isEmpty();
    return ends
        ? new Results(node.inputs().get(0), Optional.of(node), others)
        : new Results(scores.name(), Optional.empty(), others);
  }
}
