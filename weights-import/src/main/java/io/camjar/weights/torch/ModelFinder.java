package io.camjar.weights.torch;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.pickle.PyDict;
import io.camjar.weights.pickle.PyObject;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the state dict or module inside what was saved, through the wrappers that people use. */
public final class ModelFinder {
  /** timm's order first (an average of the weights is better than the weights), then the rest. */
  private static final List<String> WRAPPERS =
      List.of(
          "state_dict_ema",
          "model_ema",
          "state_dict",
          "model_state_dict",
          "model_state",
          "model",
          "net",
          "network",
          "params_ema",
          "params",
          "module",
          "weights",
          "learner");

  private static final int MAX_WRAPPERS = 6;

  private ModelFinder() {}

  /**
   * Finds the tensors.
   *
   * @throws Malformed if nothing in it is a model
   */
  public static SavedModel find(Object root) {
    List<String> wrappers = new ArrayList<>();
    Object current = root;
    while (true) {
      if (ModuleWalker.isModule(current)) {
        return ModuleWalker.walk((PyObject) current, wrappers);
      }
      String wrapper = wrappers.size() < MAX_WRAPPERS ? wrapperOf(current) : null;
      Object inside = wrapper == null ? null : child(current, wrapper);
      if (wrapper == null || inside == null) {
        break;
      }
      wrappers.add(wrapper);
      current = inside;
    }
    List<TensorEntry> tensors = new ArrayList<>();
    PyDict dict = dictOf(current);
    if (dict != null) {
      dict.forEachNamed(
          (name, value) -> {
            if (value instanceof TorchTensor tensor) {
              tensors.add(tensor.entry(name));
            }
          });
    }
    if (tensors.isEmpty()) {
      throw new Malformed(
          "holds " + describe(current) + " and no named tensors",
          "save model.state_dict() with torch.save");
    }
    return new SavedModel(StateDict.of(tensors), wrappers, Map.of());
  }

  private static @Nullable String wrapperOf(Object value) {
    for (String name : WRAPPERS) {
      Object inside = child(value, name);
      if (inside != null && leadsToModel(inside)) {
        return name;
      }
    }
    return null;
  }

  private static boolean leadsToModel(Object value) {
    if (ModuleWalker.isModule(value)) {
      return true;
    }
    PyDict dict = dictOf(value);
    return (dict != null && dict.values().stream().anyMatch(TorchTensor.class::isInstance))
        || (dict != null || value instanceof PyObject)
            && WRAPPERS.stream()
                .map(name -> child(value, name))
                .anyMatch(inner -> ModuleWalker.isModule(inner) || hasTensors(inner));
  }

  private static boolean hasTensors(@Nullable Object value) {
    PyDict dict = dictOf(value);
    return dict != null && dict.values().stream().anyMatch(TorchTensor.class::isInstance);
  }

  private static @Nullable Object child(Object value, String name) {
    if (value instanceof PyObject object && object.attribute(name) != null) {
      return object.attribute(name);
    }
    PyDict dict = dictOf(value);
    return dict == null ? null : dict.get(name);
  }

  private static @Nullable PyDict dictOf(@Nullable Object value) {
    if (value instanceof PyDict dict) {
      return dict;
    }
    return value instanceof PyObject object && object.items().size() > 0 ? object.items() : null;
  }

  private static String describe(Object value) {
    if (value instanceof PyObject object) {
      return "an object of " + object.typeName();
    }
    return "a " + value.toString().lines().findFirst().map(ModelFinder::shorten).orElse("text");
  }

  private static String shorten(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "..." : text;
  }
}
