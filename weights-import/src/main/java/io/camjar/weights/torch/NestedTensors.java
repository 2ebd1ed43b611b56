package io.camjar.weights.torch;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.pickle.PyDict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Dicts of dicts of layers: {@code {'layer1': {'0': {'conv1': {'weight': ...}}}}} instead of {@code
 * {'layer1.0.conv1.weight': ...}}.
 */
final class NestedTensors {
  private static final int MAX_DEPTH = 12;
  private static final int MAX_TENSORS = 100_000;
  private static final Set<String> LAYER =
      Set.of("weight", "bias", "running_mean", "running_var", "num_batches_tracked");

  private final PyDict flat = new PyDict();
  private int layers;

  private NestedTensors() {}

  /** The same tensors under joined names, or null if the dict is not made of layers alone. */
  static @Nullable PyDict flatten(PyDict dict) {
    NestedTensors nested = new NestedTensors();
    return nested.collect(dict, "", 0) && nested.layers > 1 ? nested.flat : null;
  }

  /** The tensors that stand in a dict itself. */
  static List<TorchTensor> direct(PyDict dict) {
    List<TorchTensor> tensors = new ArrayList<>();
    dict.forEachNamed(
        (name, value) -> {
          if (value instanceof TorchTensor tensor) {
            tensors.add(tensor);
          }
        });
    return tensors;
  }

  /** Whether a dict has tensors and one of them is the weight of a linear layer. */
  static boolean hasLinear(PyDict dict) {
    boolean[] linear = {false};
    dict.forEachNamed(
        (name, value) -> {
          String last = name.substring(name.lastIndexOf('.') + 1);
          linear[0] |=
              last.equals("weight") && value instanceof TorchTensor tensor && tensor.rank() == 2;
        });
    return linear[0];
  }

  private boolean collect(PyDict dict, String prefix, int depth) {
    if (depth > MAX_DEPTH || dict.size() == 0) {
      return false;
    }
    boolean layer = true;
    boolean inner = true;
    for (int i = 0; i < dict.size(); i++) {
      layer &= LAYER.contains(String.valueOf(dict.keys().get(i)));
      layer &= dict.values().get(i) instanceof TorchTensor;
      inner &= dict.values().get(i) instanceof PyDict;
    }
    layers += layer ? 1 : 0;
    if (!layer && !inner) {
      return false;
    }
    for (int i = 0; i < dict.size(); i++) {
      Object key = dict.keys().get(i);
      if (!(key instanceof String) && !(key instanceof Long)) {
        return false;
      }
      if (flat.size() > MAX_TENSORS) {
        throw Malformed.damaged("its dicts are nested without end");
      }
      if (dict.values().get(i) instanceof PyDict below) {
        if (!collect(below, prefix + key + ".", depth + 1)) {
          return false;
        }
      } else {
        flat.put(prefix + key, dict.values().get(i));
      }
    }
    return true;
  }
}
