package io.camjar.weights.pickle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An inert stand-in for an object of a class outside the allow-list.
 *
 * <p>It remembers what would have been called, with which arguments, and the state and items that
 * were set on it. Nothing of that is carried out. Equality is identity.
 */
public final class PyObject implements PyStateful {
  private final Object callable;
  private final PyTuple arguments;
  private final List<PyDict> parts = new ArrayList<>(0);
  private @Nullable Object state;
  private @Nullable PyList elements;
  private @Nullable PyDict items;

  /** Remembers a call of {@code callable}, usually a {@link PyGlobal}. */
  public PyObject(Object callable, PyTuple arguments) {
    this.callable = callable;
    this.arguments = arguments;
  }

  /** The class's or function's qualified name, or a placeholder where the pickle computed it. */
  public String typeName() {
    return callable instanceof PyGlobal global ? global.qualifiedName() : "<" + callable + ">";
  }

  /** The class's or function's own name, without its module. */
  public String simpleName() {
    return callable instanceof PyGlobal global
        ? global.name().substring(global.name().lastIndexOf('.') + 1)
        : "";
  }

  /** What would have been called. */
  public Object callable() {
    return callable;
  }

  /** The positional arguments of the call. */
  public PyTuple arguments() {
    return arguments;
  }

  /**
   * Merges a state: a dict of attributes, or a pair of such dicts ({@code __dict__} and slots), or
   * anything else, which is only remembered.
   */
  @Override
  public void setState(Object newState) {
    state = newState;
    merge(newState);
    if (newState instanceof PyTuple pair && pair.size() == 2) {
      merge(pair.get(0));
      merge(pair.get(1));
    }
  }

  /** The last state as it was given, or null. */
  public @Nullable Object state() {
    return state;
  }

  /** The attribute of that name, or null. */
  public @Nullable Object attribute(String name) {
    for (int i = parts.size() - 1; i >= 0; i--) {
      if (parts.get(i).has(name)) {
        return parts.get(i).get(name);
      }
    }
    return null;
  }

  /** Visits all attributes in the order they were set; one set twice is visited twice. */
  public void forEachAttribute(BiConsumer<String, Object> use) {
    parts.forEach(part -> part.forEachNamed(use));
  }

  /** What was appended to it, for a subclass of list or set. */
  public PyList elements() {
    if (elements == null) {
      elements = new PyList();
    }
    return elements;
  }

  /** What was set on it by key, for a subclass of dict. */
  public PyDict items() {
    if (items == null) {
      items = new PyDict();
    }
    return items;
  }

  // The dicts are kept, not copied: a pickle may give the same large dict to many objects.
  private void merge(Object part) {
    if (part instanceof PyDict dict) {
      parts.add(dict);
    }
  }

  @Override
  public String toString() {
    return callable instanceof PyGlobal ? typeName() : "object";
  }
}
