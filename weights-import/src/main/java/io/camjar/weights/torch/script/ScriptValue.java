package io.camjar.weights.torch.script;

import io.camjar.weights.pickle.PyObject;
import java.util.List;

/** Values of evaluated code besides numbers, text, truth values, lists and {@link ScriptNode}s. */
sealed interface ScriptValue {
  /** Python's None. */
  ScriptValue NONE = new Special("None");

  /** A number that depends on the input's size. */
  ScriptValue UNKNOWN = new Special("a size");

  /** One of the two above. */
  record Special(String name) implements ScriptValue {
    @Override
    public String toString() {
      return name;
    }
  }

  /** A module of the archive and its path. */
  record Module(PyObject object, String path) implements ScriptValue {}

  /** A method of a module. */
  record Method(Module module, String name) implements ScriptValue {}

  /** A dotted name: {@code torch.relu}, {@code __torch__.torch.nn.functional.relu}. */
  record Qualified(List<String> parts) implements ScriptValue {
    String name() {
      return String.join(".", parts);
    }
  }
}
