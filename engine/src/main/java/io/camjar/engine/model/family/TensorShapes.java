package io.camjar.engine.model.family;

import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Shapes of parameters by name, as families look at them. */
final class TensorShapes {
  /** No network has layers as wide as that; it keeps graphs of damaged files small. */
  private static final long MAX_SIDE = 65_536;

  private static final int MAX_NUMBER = 999;

  private final Map<String, long[]> shapes;

  TensorShapes(Map<String, long[]> shapes) {
    this.shapes = shapes;
  }

  boolean has(String name) {
    return shapes.containsKey(name);
  }

  /** How many dimensions a tensor has; 0 where it is missing. */
  int rank(String name) {
    long[] shape = shapes.get(name);
    return shape == null ? 0 : shape.length;
  }

  /** A side of a tensor; {@code otherwise} where it is missing or no side of a layer. */
  int side(String name, int axis, int otherwise) {
    long[] shape = shapes.get(name);
    boolean usable =
        shape != null && axis < shape.length && shape[axis] >= 1 && shape[axis] <= MAX_SIDE;
    return usable ? (int) shape[axis] : otherwise;
  }

  /** The numbers that stand at the place of {@code #} in names like this one, in order. */
  TreeSet<Integer> numbers(String name) {
    Pattern pattern = Pattern.compile(Pattern.quote(name).replace("#", "\\E(\\d{1,3})\\Q"));
    TreeSet<Integer> numbers = new TreeSet<>();
    for (String key : shapes.keySet()) {
      Matcher matcher = pattern.matcher(key);
      if (matcher.matches() && Integer.parseInt(matcher.group(1)) <= MAX_NUMBER) {
        numbers.add(Integer.parseInt(matcher.group(1)));
      }
    }
    return numbers;
  }
}
