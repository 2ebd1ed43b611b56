package io.camjar.engine.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The points of a {@link Watch} by the values of a lowered graph that they name. */
final class Watched {
  private static final String[] NONE = {};

  private final Map<Integer, String[]> activations;
  private final Map<Integer, String[]> gradients;

  private Watched(Map<Integer, String[]> activations, Map<Integer, String[]> gradients) {
    this.activations = activations;
    this.gradients = gradients;
  }

  static Watched of(Watch watch, Lowered<?> lowered) {
    return new Watched(byValue(watch.activations(), lowered), byValue(watch.gradients(), lowered));
  }

  private static Map<Integer, String[]> byValue(Set<String> paths, Lowered<?> lowered) {
    Map<Integer, List<String>> byValue = new HashMap<>();
    for (String path : new TreeSet<>(paths)) {
      int value = lowered.value(lowered.graph().value(path));
      byValue.computeIfAbsent(value, v -> new ArrayList<>()).add(path);
    }
    Map<Integer, String[]> arrays = new HashMap<>();
    byValue.forEach((value, names) -> arrays.put(value, names.toArray(NONE)));
    return arrays;
  }

  /** The values that must be computed on their own. */
  Set<Integer> values() {
    Set<Integer> values = new HashSet<>(activations.keySet());
    values.addAll(gradients.keySet());
    return values;
  }

  /** The points that a value is shown as. */
  String[] activations(int value) {
    return activations.getOrDefault(value, NONE);
  }

  /** The points that a value's gradient is shown as. */
  String[] gradients(int value) {
    return gradients.getOrDefault(value, NONE);
  }
}
