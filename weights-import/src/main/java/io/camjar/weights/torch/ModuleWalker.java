package io.camjar.weights.torch;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.module.SavedModule;
import io.camjar.weights.pickle.PyDict;
import io.camjar.weights.pickle.PyGlobal;
import io.camjar.weights.pickle.PyList;
import io.camjar.weights.pickle.PyNone;
import io.camjar.weights.pickle.PyObject;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Does for an inert {@code nn.Module} what {@code state_dict()} does for a live one: walks {@code
 * _parameters}, {@code _buffers} and {@code _modules}, or a script module's attributes.
 */
final class ModuleWalker {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_MODULES = 20_000;
  private static final int MAX_TENSORS = 100_000;
  private static final int MAX_PATH = 1_000;
  private static final String SCRIPT = SavedModule.SCRIPT;

  private final List<TensorEntry> tensors = new ArrayList<>();
  private final Map<String, SavedModule> modules = new LinkedHashMap<>();

  private ModuleWalker() {}

  static boolean isModule(@Nullable Object value) {
    return value instanceof PyObject object
        && ((object.attribute("_modules") instanceof PyDict
                && object.attribute("_parameters") instanceof PyDict)
            || isScript(object));
  }

  static SavedModel walk(PyObject root, KeyChoice choice) {
    ModuleWalker walker = new ModuleWalker();
    walker.module(root, "", 0);
    return new SavedModel(
        StateDict.of(walker.tensors), choice, Collections.unmodifiableMap(walker.modules));
  }

  /** What can be said of a module without reading its tensors. */
  static Candidate candidate(PyObject root, List<String> keys) {
    List<TorchTensor> tensors = new ArrayList<>();
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<PyObject> queue = new ArrayDeque<>(List.of(root));
    seen.add(root);
    while (!queue.isEmpty()) {
      PyObject module = queue.remove();
      List<PyDict> dicts = new ArrayList<>();
      for (String name : List.of("_parameters", "_buffers", "_modules")) {
        if (module.attribute(name) instanceof PyDict dict) {
          dicts.add(dict);
        }
      }
      List<Object> values = new ArrayList<>();
      dicts.forEach(dict -> values.addAll(dict.values()));
      if (isScript(module)) {
        module.forEachAttribute((name, value) -> values.add(value));
      }
      for (Object value : values) {
        if (value instanceof TorchTensor tensor) {
          tensors.add(tensor);
        } else if (value instanceof PyObject child && isModule(child) && seen.add(child)) {
          queue.add(child);
        }
      }
    }
    return new Candidate(
        List.copyOf(keys), root, CandidateSearch.firstConvolution(tensors), tensors.size(), false);
  }

  private void module(PyObject module, String prefix, int depth) {
    if (depth > MAX_DEPTH || modules.size() > MAX_MODULES || prefix.length() > MAX_PATH) {
      throw Malformed.damaged("its modules are nested without end");
    }
    String path = prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
    modules.put(path, ModuleValues.of(module, type(module)));
    if (isScript(module)) {
      module.forEachAttribute((name, value) -> scriptAttribute(prefix, name, value, depth));
      return;
    }
    parameters(module.attribute("_parameters"), prefix, null);
    parameters(module.attribute("_buffers"), prefix, module);
    if (module.attribute("_modules") instanceof PyDict children) {
      children.forEachNamed(
          (name, child) -> {
            if (child instanceof PyObject object) {
              module(object, prefix + name + ".", depth + 1);
            } else if (child != PyNone.NONE) {
              throw Malformed.damaged("module '" + prefix + name + "' is not a module");
            }
          });
    }
  }

  private void parameters(@Nullable Object dict, String prefix, @Nullable PyObject owner) {
    if (dict instanceof PyDict parameters) {
      parameters.forEachNamed(
          (name, value) -> {
            if (value instanceof TorchTensor tensor && !isTransient(owner, name)) {
              add(tensor, prefix + name);
            }
          });
    }
  }

  private void scriptAttribute(String prefix, String name, Object value, int depth) {
    if (value instanceof TorchTensor tensor) {
      add(tensor, prefix + name);
    } else if (value instanceof PyObject object && isScript(object)) {
      module(object, prefix + name + ".", depth + 1);
    }
  }

  private void add(TorchTensor tensor, String name) {
    if (tensors.size() >= MAX_TENSORS) {
      throw Malformed.damaged("its modules have more than " + MAX_TENSORS + " tensors");
    }
    tensors.add(tensor.entry(name));
  }

  private static boolean isTransient(@Nullable PyObject owner, String buffer) {
    return owner != null
        && owner.attribute("_non_persistent_buffers_set") instanceof PyList names
        && names.items().contains(buffer);
  }

  static boolean isScript(PyObject object) {
    return object.callable() instanceof PyGlobal type && (type.module() + ".").startsWith(SCRIPT);
  }

  /**
   * The class's name; a script module's without TorchScript's mangling, a library's also without
   * {@code __torch__}.
   */
  private static String type(PyObject module) {
    String name = module.typeName();
    if (!name.startsWith(SCRIPT)) {
      return name;
    }
    String plain = name.substring(SCRIPT.length()).replaceAll("___torch_mangle_\\d+\\.", "");
    return SavedModule.of(plain).isOfLibrary() ? plain : SCRIPT + plain;
  }
}
