package io.camjar.weights.module;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One module of a network that was saved whole.
 *
 * @param type its class with its Python module, {@code torch.nn.modules.conv.Conv2d}
 * @param values its attributes as plain values: Long, Double, Boolean, String, lists of these, and
 *     {@link #NONE}; the class's name for anything else
 * @param children the names of its children, in the order in which they were added
 */
public record SavedModule(String type, Map<String, Object> values, List<String> children) {
  /** Python's None. */
  public static final String NONE = "None";

  public SavedModule {
    values = Map.copyOf(values);
    children = List.copyOf(children);
  }

  /** A module of that class of which nothing else is known. */
  public static SavedModule of(String type) {
    return new SavedModule(type, Map.of(), List.of());
  }

  /** The same with another value of an attribute. */
  public SavedModule with(String name, Object value) {
    Map<String, Object> other = new HashMap<>(values);
    other.put(name, value);
    return new SavedModule(type, other, children);
  }

  /** The class's own name, {@code Conv2d}. */
  public String simpleName() {
    return type.substring(type.lastIndexOf('.') + 1);
  }

  /** The attribute of that name. */
  public Optional<Object> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** Whether it holds no other modules. */
  public boolean isLeaf() {
    return children.isEmpty();
  }
}
