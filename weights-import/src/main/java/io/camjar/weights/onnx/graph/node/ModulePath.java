package io.camjar.weights.onnx.graph.node;

import io.camjar.weights.onnx.OnnxNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Where in PyTorch's tree of modules a node stands, as far as its name tells: the exporter calls
 * the convolution of {@code layer4.1.conv2} {@code /layer4/layer4.1/conv2/Conv}.
 *
 * @param modules full names of the modules around the node, outermost first; empty if it stands in
 *     none or its name does not tell
 * @param leaf what the node is called inside the innermost of them
 */
record ModulePath(List<String> modules, String leaf) {

  /** Of a node that camjar wrote, whose name is the path of its layer. */
  static ModulePath ofLayer(OnnxNode node) {
    String[] parts = node.name().split("/", 2)[0].split("\\.", -1);
    List<String> modules = new ArrayList<>();
    for (int i = 0; i < parts.length - 1; i++) {
      modules.add(modules.isEmpty() ? parts[i] : modules.get(i - 1) + "." + parts[i]);
    }
    int inside = modules.isEmpty() ? 0 : modules.get(modules.size() - 1).length() + 1;
    return new ModulePath(List.copyOf(modules), node.name().substring(inside));
  }

  static ModulePath of(OnnxNode node) {
    String name = node.name();
    if (!name.startsWith("/") || name.length() < 2) {
      return new ModulePath(List.of(), node.label());
    }
    String[] parts = name.substring(1).split("/", -1);
    List<String> modules = new ArrayList<>();
    String path = "";
    String before = "";
    for (int i = 0; i < parts.length - 1; i++) {
      String part = parts[i];
      // A child of a Sequential repeats its parent's name, others do not.
      boolean repeats = !before.isEmpty() && part.startsWith(before + ".");
      String own = repeats ? part.substring(before.length() + 1) : part;
      path = path.isEmpty() ? own : path + "." + own;
      modules.add(path);
      before = part;
    }
    return new ModulePath(List.copyOf(modules), parts[parts.length - 1]);
  }

  /** The innermost module; empty if there is none. */
  String module() {
    return modules.isEmpty() ? "" : modules.get(modules.size() - 1);
  }

  /** The node's own name below its module. */
  String path() {
    return modules.isEmpty() ? leaf : module() + "." + leaf;
  }
}
