package io.camjar.weights.names.head;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.module.SavedModule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Heads of whole modules whose {@code Sequential} has children with names or further {@code
 * Sequential}s, as rows of numbered layers: the file has their order, though names do not tell it.
 *
 * @param numbered the path that a layer is worked with under, by its path in the file
 * @param containers how many layers each such row has, by its path
 */
public record HeadRows(Map<String, String> numbered, Map<String, Integer> containers) {
  private static final int MAX_LAYERS = 64;
  private static final Set<String> BODY =
      Set.of("Conv2d", "BatchNorm2d", "MaxPool2d", "AvgPool2d", "AdaptiveAvgPool2d");

  /**
   * Those of a whole module.
   *
   * @param modules all of its modules by path
   */
  public static HeadRows of(Map<String, SavedModule> modules) {
    HeadRows rows = new HeadRows(new LinkedHashMap<>(), new LinkedHashMap<>());
    modules.forEach(
        (path, module) -> {
          boolean inside = rows.containers.keySet().stream().anyMatch(c -> isBelow(path, c));
          if (!path.isEmpty() && !inside && module.isSequential()) {
            rows.add(path, modules);
          }
        });
    return rows;
  }

  private void add(String path, Map<String, SavedModule> modules) {
    List<String> leaves = new ArrayList<>();
    if (!leaves(path, modules, leaves) || leaves.size() > MAX_LAYERS) {
      return;
    }
    boolean linear = leaves.stream().anyMatch(l -> modules.get(l).simpleName().equals("Linear"));
    boolean plain =
        IntStream.range(0, leaves.size()).allMatch(i -> leaves.get(i).equals(path + "." + i));
    if (linear && !plain) {
      for (int i = 0; i < leaves.size(); i++) {
        numbered.put(leaves.get(i), path + "." + i);
      }
      containers.put(path, leaves.size());
    }
  }

  /** The layers in their order; false if something among them belongs to no head. */
  private static boolean leaves(
      String path, Map<String, SavedModule> modules, List<String> leaves) {
    for (String child : modules.getOrDefault(path, SavedModule.of("")).children()) {
      String below = path + "." + child;
      SavedModule module = modules.get(below);
      if (module == null || BODY.contains(module.simpleName())) {
        return false;
      }
      if (module.isLeaf() && !module.isSequential()) {
        leaves.add(below);
      } else if (!module.isSequential() || !leaves(below, modules, leaves)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBelow(String path, String container) {
    return path.startsWith(container + ".");
  }

  /** Names of tensors, with those of such layers under their numbers. */
  public Map<String, String> renamed(Map<String, String> sources) {
    Map<String, String> renamed = new LinkedHashMap<>();
    sources.forEach(
        (name, source) -> {
          int dot = Math.max(0, name.lastIndexOf('.'));
          String path = numbered.get(name.substring(0, dot));
          renamed.put(path == null ? name : path + name.substring(dot), source);
        });
    return renamed;
  }

  /** The modules with such rows in place of what they are made of. */
  public Map<String, SavedModule> rebuilt(Map<String, SavedModule> modules) {
    Map<String, SavedModule> rebuilt = new LinkedHashMap<>();
    modules.forEach(
        (path, module) -> {
          Integer layers = containers.get(path);
          if (layers != null) {
            List<String> children = IntStream.range(0, layers).mapToObj(String::valueOf).toList();
            rebuilt.put(path, new SavedModule(module.type(), module.values(), children));
          } else if (numbered.containsKey(path)) {
            rebuilt.put(numbered.get(path), module);
          } else if (containers.keySet().stream().noneMatch(c -> isBelow(path, c))) {
            rebuilt.put(path, module);
          }
        });
    return rebuilt;
  }

  /** The same refusal with the paths that the file has. */
  public Malformed inFile(Malformed refusal) {
    String cause = String.valueOf(refusal.getMessage());
    for (Map.Entry<String, String> layer : numbered.entrySet()) {
      if (cause.contains("'" + layer.getValue() + "'")) {
        return new Malformed(
            cause.replace("'" + layer.getValue() + "'", "'" + layer.getKey() + "'"),
            refusal.remedy(),
            refusal);
      }
    }
    return refusal;
  }
}
