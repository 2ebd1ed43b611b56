package io.camjar.weights.onnx.graph.node;

import io.camjar.weights.onnx.OnnxNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the points of a translated model are called. A node that is alone in its module has the
 * module's name, {@code layer4.1.conv2}; others have their own. Whatever else the file calls a
 * value is an alias.
 */
public final class Names {
  /** A module of several nodes: the first of them, and the last whose value others read. */
  public record Module(String path, int first, int last, int end) {}

  private final List<OnnxNode> nodes;
  private final boolean layers;
  private final List<ModulePath> places = new ArrayList<>();
  private final Map<String, Module> modules = new LinkedHashMap<>();
  private final Map<String, Set<String>> aliases = new HashMap<>();
  private final Set<String> taken = new HashSet<>();

  /**
   * Names for the nodes that compute something from the image.
   *
   * @param nodes those, in order
   * @param outputs the model's
   * @param layers whether nodes are named after layers, as camjar names them
   */
  public Names(List<OnnxNode> nodes, Set<String> outputs, boolean layers) {
    this.nodes = nodes;
    this.layers = layers;
    nodes.forEach(node -> places.add(layers ? ModulePath.ofLayer(node) : ModulePath.of(node)));
    Map<String, List<Integer>> readers = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      for (String input : nodes.get(i).inputs()) {
        readers.computeIfAbsent(input, name -> new ArrayList<>()).add(i);
      }
    }
    for (int i = 0; i < nodes.size(); i++) {
      for (String module : places.get(i).modules()) {
        Module known = modules.getOrDefault(module, new Module(module, i, i, i));
        boolean leaves = leaves(i, module, readers, outputs);
        modules.put(module, new Module(module, known.first(), leaves ? i : known.last(), i));
      }
    }
  }

  /** Whether a node's value is read outside of the module, or is a result. */
  private boolean leaves(
      int node, String module, Map<String, List<Integer>> readers, Set<String> outputs) {
    for (String output : nodes.get(node).outputs()) {
      if (outputs.contains(output)) {
        return true;
      }
      for (int reader : readers.getOrDefault(output, List.of())) {
        if (!places.get(reader).modules().contains(module)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The path of a node's value. */
  public String path(int node) {
    ModulePath place = places.get(node);
    Module module = modules.get(place.module());
    boolean alone = !layers && module != null && module.first() == module.end();
    return unique(alone ? module.path() : place.path());
  }

  /** The modules of several nodes that end with this one, innermost first. */
  public List<Module> ending(int node) {
    List<Module> ending = new ArrayList<>();
    List<String> around = places.get(node).modules();
    for (int i = around.size() - 1; i >= 0; i--) {
      Module module = modules.get(around.get(i));
      if (module != null && module.end() == node && module.first() != node) {
        ending.add(module);
      }
    }
    return ending;
  }

  /** The outermost modules in order. */
  public List<String> children() {
    Set<String> children = new LinkedHashSet<>();
    for (ModulePath place : places) {
      children.add(place.modules().isEmpty() ? "" : place.modules().get(0));
    }
    children.remove("");
    return List.copyOf(children);
  }

  /** A path that no other has: this one, or one with a number behind it. */
  public String unique(String wanted) {
    String path = wanted.isBlank() ? "unnamed" : wanted;
    for (int i = 2; !taken.add(path); i++) {
      path = wanted + "_" + i;
    }
    return path;
  }

  /** Remembers what else a file calls the value of a path. */
  public void alias(String path, String name) {
    if (!name.isEmpty() && !name.equals(path)) {
      aliases.computeIfAbsent(path, p -> new LinkedHashSet<>()).add(name);
    }
  }

  /** All aliases by path. */
  public Map<String, List<String>> aliases() {
    Map<String, List<String>> all = new HashMap<>();
    aliases.forEach((path, names) -> all.put(path, List.copyOf(names)));
    return all;
  }
}
