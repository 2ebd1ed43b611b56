package io.camjar.weights.torch;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.pickle.PyList;
import io.camjar.weights.pickle.PyTuple;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.List;

/** Small lists of numbers in a pickle, whether a list, a tuple or a tensor. */
public final class TensorValues {
  private static final int MAX_VALUES = 16;

  private TensorValues() {}

  /** The numbers in order; empty if the value is nothing of the kind, or longer than a few. */
  public static List<Double> of(Object value) {
    if (value instanceof TorchTensor tensor) {
      return ofTensor(tensor);
    }
    List<Object> items =
        value instanceof PyList list
            ? list.items()
            : value instanceof PyTuple tuple ? tuple.items() : List.of();
    List<Double> numbers = new ArrayList<>();
    for (Object item : items) {
      if (!(item instanceof Number number) || numbers.size() == MAX_VALUES) {
        return List.of();
      }
      numbers.add(number.doubleValue());
    }
    return numbers;
  }

  /** The texts of a one-dimensional NumPy array; empty if the value is nothing of the kind. */
  public static List<Object> texts(Object value) {
    return value instanceof NumpyTensor array ? array.texts() : List.of();
  }

  private static List<Double> ofTensor(TorchTensor tensor) {
    TensorEntry entry;
    try {
      entry = tensor.entry("statistics");
    } catch (Malformed e) {
      // Only a hint for preprocessing: a tensor that cannot be read gives none.
      return List.of();
    }
    List<Double> numbers = new ArrayList<>();
    if (entry.elements() <= MAX_VALUES) {
      for (float value : entry.toFloats()) {
        // The shortest decimal of the float: 0.485, not 0.48500001430511475.
        numbers.add(Double.valueOf(Float.toString(value)));
      }
    }
    return numbers;
  }
}
