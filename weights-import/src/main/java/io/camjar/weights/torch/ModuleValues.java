package io.camjar.weights.torch;

import io.camjar.weights.module.SavedModule;
import io.camjar.weights.pickle.PyDict;
import io.camjar.weights.pickle.PyGlobal;
import io.camjar.weights.pickle.PyList;
import io.camjar.weights.pickle.PyNone;
import io.camjar.weights.pickle.PyObject;
import io.camjar.weights.pickle.PyTuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A module's attributes as plain values, whatever may change its forward among them. */
final class ModuleValues {
  private static final int MAX_ITEMS = 16;
  private static final int MAX_VALUES = 200;
  private static final int MAX_TEXT = 200;

  /** Attributes that every module has and that only training, saving or loading looks at. */
  private static final Set<String> BOOKKEEPING =
      Set.of(
          "_parameters",
          "_buffers",
          "_modules",
          "_backward_hooks",
          "_backward_pre_hooks",
          "_state_dict_hooks",
          "_state_dict_pre_hooks",
          "_load_state_dict_pre_hooks",
          "_load_state_dict_post_hooks");

  private ModuleValues() {}

  static SavedModule of(PyObject module, String type) {
    Map<String, Object> values = new LinkedHashMap<>();
    List<String> children = new ArrayList<>();
    if (module.attribute("_modules") instanceof PyDict dict) {
      dict.forEachNamed(
          (name, child) -> {
            if (child != PyNone.NONE) {
              children.add(name);
            }
          });
    }
    for (String dict : new String[] {"_parameters", "_buffers"}) {
      if (module.attribute(dict) instanceof PyDict parameters) {
        parameters.forEachNamed(
            (name, value) -> {
              if (value == PyNone.NONE && values.size() < MAX_VALUES) {
                values.put(name, SavedModule.NONE);
              }
            });
      }
    }
    module.forEachAttribute(
        (name, value) -> {
          if (value instanceof PyObject child && ModuleWalker.isModule(child)) {
            children.add(name);
          } else if (!BOOKKEEPING.contains(name)
              && !(value instanceof TorchTensor)
              && values.size() < MAX_VALUES) {
            values.put(name, plain(value, 0));
          }
        });
    return new SavedModule(type, values, children);
  }

  private static Object plain(Object value, int depth) {
    if (value instanceof Long || value instanceof Double || value instanceof Boolean) {
      return value;
    }
    if (value instanceof PyTuple tuple && depth < 2) {
      return list(tuple.items(), depth);
    }
    if (value instanceof PyList list && depth < 2) {
      return list(list.items(), depth);
    }
    if (value instanceof PyDict dict && depth < 2) {
      return list(dict.values(), depth);
    }
    String text =
        value instanceof PyObject object
            ? object.typeName()
            : value instanceof PyGlobal global ? global.qualifiedName() : value.toString();
    return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
  }

  private static List<Object> list(List<Object> items, int depth) {
    List<Object> plain = new ArrayList<>();
    for (Object item : items.subList(0, Math.min(items.size(), MAX_ITEMS))) {
      plain.add(plain(item, depth + 1));
    }
    return plain;
  }
}
