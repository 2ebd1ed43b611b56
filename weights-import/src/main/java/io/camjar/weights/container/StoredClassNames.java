package io.camjar.weights.container;

import io.camjar.weights.pickle.PyDict;
import io.camjar.weights.pickle.PyList;
import io.camjar.weights.pickle.PyObject;
import io.camjar.weights.pickle.PyTuple;
import io.camjar.weights.torch.TensorValues;
import java.util.ArrayList;
import java.util.List;

/** Class names in the shapes that files keep them in. */
final class StoredClassNames {
  private static final int MAX_CLASSES = 1 << 17;

  private StoredClassNames() {}

  /**
   * The names in index order, or none if the value is something else: a list or tuple of names, an
   * object around one (fastcore's {@code L}), or a dict from name to index or from index to name.
   */
  static List<String> of(Object value) {
    if (value instanceof PyList list) {
      return texts(list.items());
    }
    if (value instanceof PyTuple tuple) {
      return texts(tuple.items());
    }
    List<Object> array = TensorValues.texts(value);
    if (!array.isEmpty()) {
      return texts(array);
    }
    if (value instanceof PyObject object && object.attribute("items") instanceof PyList list) {
      return texts(list.items());
    }
    return value instanceof PyDict dict ? byIndex(dict) : List.of();
  }

  private static List<String> texts(List<Object> items) {
    List<String> names = new ArrayList<>();
    for (Object item : items) {
      boolean scalar = item instanceof String || item instanceof Long || item instanceof Boolean;
      if (!scalar || names.size() == MAX_CLASSES) {
        return List.of();
      }
      names.add(item.toString());
    }
    return names;
  }

  private static List<String> byIndex(PyDict dict) {
    if (dict.size() > MAX_CLASSES) {
      return List.of();
    }
    String[] names = new String[dict.size()];
    int first = firstIndex(dict);
    for (int i = 0; i < names.length; i++) {
      Object key = dict.keys().get(i);
      Object value = dict.values().get(i);
      boolean byNumber = key instanceof Long || (isNumber(key) && value instanceof String);
      Object index = byNumber ? number(key) : whole(value);
      Object name = byNumber ? value : key;
      if (!(index instanceof Long at)
          || !(name instanceof String text)
          || at < first
          || at >= first + names.length
          || names[(int) (at - first)] != null) {
        return List.of();
      }
      names[(int) (at - first)] = text;
    }
    return List.of(names);
  }

  /**
   * Some count from 1: where no class is called 0, the last one's number is the number of names.
   */
  private static int firstIndex(PyDict dict) {
    boolean zero = false;
    for (int i = 0; i < dict.size(); i++) {
      Object key = number(dict.keys().get(i));
      Object index = key instanceof Long ? key : whole(dict.values().get(i));
      zero |= Long.valueOf(0).equals(index);
    }
    return zero ? 0 : 1;
  }

  /** Keys that JSON made texts of. */
  private static boolean isNumber(Object key) {
    return key instanceof String text && text.matches("\\d{1,6}");
  }

  /** A tensor of one whole number as that number. */
  private static Object whole(Object value) {
    List<Double> numbers =
        value instanceof Long || value instanceof String ? List.of() : TensorValues.of(value);
    return numbers.size() == 1 && numbers.get(0) == Math.rint(numbers.get(0))
        ? (Object) numbers.get(0).longValue()
        : value;
  }

  private static Object number(Object key) {
    return isNumber(key) ? Long.valueOf((String) key) : key;
  }
}
