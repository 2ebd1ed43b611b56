package io.camjar.weights.onnx.graph;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.OnnxGraph;
import io.camjar.weights.onnx.OnnxNode;
import io.camjar.weights.onnx.graph.node.Operators;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The nodes that scores are computed by.
 *
 * @param all in order
 * @param traced those of them that read an image's pixels, and those that choose what to compute
 */
record NeededNodes(List<OnnxNode> all, Set<OnnxNode> traced) {

  static NeededNodes of(OnnxGraph graph, String image, List<String> scores) {
    Set<String> wanted = new HashSet<>(scores);
    List<OnnxNode> needed = new ArrayList<>();
    List<OnnxNode> nodes = graph.nodes();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (nodes.get(i).outputs().stream().anyMatch(wanted::contains)) {
        needed.add(nodes.get(i));
        nodes.get(i).reads().stream().filter(name -> !name.isEmpty()).forEach(wanted::add);
      }
    }
    if (!wanted.contains(image)) {
      throw new Malformed(
          "has the output '%s', which does not depend on its input '%s'"
              .formatted(scores.get(0), image),
          "export a classifier of images");
    }
    Collections.reverse(needed);
    return new NeededNodes(needed, traced(needed, image));
  }

  private static Set<OnnxNode> traced(List<OnnxNode> nodes, String image) {
    Set<String> values = new HashSet<>(Set.of(image));
    Set<OnnxNode> traced = Collections.newSetFromMap(new IdentityHashMap<>());
    for (OnnxNode node : nodes) {
      boolean ofShape = node.operation().equals("Shape") || node.operation().equals("Size");
      if (node.chooses() || (!ofShape && node.reads().stream().anyMatch(values::contains))) {
        traced.add(node);
        node.outputs().stream().filter(name -> !name.isEmpty()).forEach(values::add);
      }
    }
    return traced;
  }

  /** Those that read an image's pixels, in order. */
  List<OnnxNode> tracedInOrder() {
    return all.stream().filter(traced::contains).toList();
  }

  /**
   * Checks that camjar has every operation.
   *
   * @throws Malformed for the first that it lacks; says how many others there are
   */
  void requireKnown() {
    List<OnnxNode> lacking =
        tracedInOrder().stream().filter(node -> Operators.of(node).isEmpty()).toList();
    if (lacking.isEmpty()) {
      return;
    }
    OnnxNode node = lacking.get(0);
    List<String> others =
        lacking.stream()
            .map(OnnxNode::type)
            .distinct()
            .filter(type -> !type.equals(node.type()))
            .toList();
    throw new Malformed(
        "has the node '%s', whose operation %s camjar lacks%s"
            .formatted(
                node.label(),
                node.type(),
                others.isEmpty() ? "" : ", as it lacks " + String.join(", ", others)),
        "export the network without it, or give its weights as a PyTorch or safetensors file");
  }
}
