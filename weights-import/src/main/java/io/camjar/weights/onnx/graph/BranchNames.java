package io.camjar.weights.onnx.graph;

import io.camjar.weights.onnx.OnnxAttribute;
import io.camjar.weights.onnx.OnnxGraph;
import io.camjar.weights.onnx.OnnxNode;
import io.camjar.weights.onnx.OnnxValue;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Names of values once branches stand in the graph that held them. Two branches may have values of
 * one name, since neither sees the other's; in one graph each needs a name of its own.
 */
final class BranchNames {
  private final Set<String> taken = new HashSet<>();

  /** Names in branches, whether they are taken or not. */
  private final Set<String> inside = new HashSet<>();

  BranchNames(OnnxGraph graph) {
    taken.addAll(own(graph));
    addInside(graph);
  }

  private void addInside(OnnxGraph graph) {
    for (OnnxNode node : graph.nodes()) {
      for (OnnxAttribute attribute : node.attributes().values()) {
        if (attribute instanceof OnnxAttribute.Graph branch) {
          inside.addAll(own(branch.value()));
          addInside(branch.value());
        }
      }
    }
  }

  /** The values that a graph has itself, and none around it. */
  private static Set<String> own(OnnxGraph graph) {
    Set<String> own = new HashSet<>(graph.initializers().names());
    graph.inputs().forEach(input -> own.add(input.name()));
    graph.nodes().forEach(node -> own.addAll(node.outputs()));
    own.remove("");
    return own;
  }

  /**
   * A branch as it stands in a node's place: its results have the names of the node's outputs, its
   * other values their own where these are free. A result is copied to a name that a value of some
   * branch has too, which would be taken for it there.
   */
  OnnxGraph inPlace(OnnxGraph branch, OnnxNode node) {
    Set<String> own = own(branch);
    Map<String, String> names = new HashMap<>();
    List<OnnxNode> copies = new ArrayList<>();
    for (int i = 0; i < node.outputs().size(); i++) {
      String result = branch.outputs().get(i).name();
      String output = node.outputs().get(i);
      if (output.isEmpty()) {
        continue;
      }
      boolean free = own.contains(result) && !names.containsKey(result) && !inside.contains(output);
      if (!free || branch.initializers().has(result)) {
        copies.add(
            new OnnxNode(node.name(), "Identity", "", List.of(result), List.of(output), Map.of()));
      } else {
        names.put(result, output);
      }
    }
    for (String name : own) {
      if (!names.containsKey(name)) {
        names.put(name, free(name, node));
      }
    }
    List<OnnxNode> nodes = new ArrayList<>();
    branch.nodes().forEach(one -> nodes.add(renamed(one, names, names)));
    copies.forEach(copy -> nodes.add(renamed(copy, names, Map.of())));
    List<TensorEntry> tensors = new ArrayList<>();
    for (TensorEntry tensor : branch.initializers().entries()) {
      tensors.add(tensor.named(names.getOrDefault(tensor.name(), tensor.name())));
    }
    return new OnnxGraph(
        branch.name(), nodes, StateDict.of(tensors), branch.inputs(), branch.outputs());
  }

  private String free(String name, OnnxNode node) {
    if (taken.add(name)) {
      return name;
    }
    String wanted = node.label() + "/" + name;
    String free = wanted;
    for (int i = 2; inside.contains(free) || !taken.add(free); i++) {
      free = wanted + "_" + i;
    }
    return free;
  }

  /**
   * A node that reads and gives other names.
   *
   * @param given the names of its outputs
   */
  private static OnnxNode renamed(
      OnnxNode node, Map<String, String> read, Map<String, String> given) {
    Map<String, OnnxAttribute> attributes = new LinkedHashMap<>();
    node.attributes().forEach((name, value) -> attributes.put(name, renamed(value, read)));
    return new OnnxNode(
        node.name(),
        node.operation(),
        node.domain(),
        all(node.inputs(), read),
        all(node.outputs(), given),
        attributes);
  }

  private static List<String> all(List<String> names, Map<String, String> as) {
    return names.stream().map(name -> as.getOrDefault(name, name)).toList();
  }

  /** Graphs inside nodes read what is renamed around them, but for what they have themselves. */
  private static OnnxAttribute renamed(OnnxAttribute attribute, Map<String, String> names) {
    if (!(attribute instanceof OnnxAttribute.Graph inner)) {
      return attribute;
    }
    OnnxGraph graph = inner.value();
    Map<String, String> seen = new HashMap<>();
    for (String name : inner.reads()) {
      seen.put(name, names.getOrDefault(name, name));
    }
    return new OnnxAttribute.Graph(
        new OnnxGraph(
            graph.name(),
            graph.nodes().stream().map(node -> renamed(node, seen, Map.of())).toList(),
            graph.initializers(),
            graph.inputs(),
            graph.outputs().stream()
                .map(
                    output ->
                        new OnnxValue(
                            seen.getOrDefault(output.name(), output.name()),
                            output.type(),
                            output.shape()))
                .toList()),
        all(inner.reads(), seen));
  }
}
