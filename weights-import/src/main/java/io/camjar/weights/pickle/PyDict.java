package io.camjar.weights.pickle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A Python dict or one of its relatives, in insertion order.
 *
 * <p>Strings, numbers and booleans are looked up by value, everything else only by identity: a
 * hostile key may be endlessly deep, so no key is ever hashed by its contents. Equality is
 * identity.
 */
public final class PyDict implements PyStateful {
  private final List<Object> keys = new ArrayList<>(0);
  private final List<Object> values = new ArrayList<>(0);
  private final Map<Object, Integer> index = new HashMap<>(0);
  private @Nullable Object state;

  /** Sets a value as {@code dict[key] = value} does: a known key keeps its place. */
  public void put(Object key, Object value) {
    if (key instanceof PyBytes bytes && bytes.isName()) {
      put(bytes.name(), value); // Python 2's texts, read as bytes by Python 3
      return;
    }
    boolean byValue = key instanceof String || key instanceof Number || key instanceof Boolean;
    Integer at = byValue ? index.putIfAbsent(key, keys.size()) : null;
    if (at != null) {
      values.set(at, value);
      return;
    }
    keys.add(key);
    values.add(value);
  }

  /** The value of a string key, or null. */
  public @Nullable Object get(String key) {
    Integer at = index.get(key);
    return at == null ? null : values.get(at);
  }

  /** Whether that string key is there. */
  public boolean has(String key) {
    return index.containsKey(key);
  }

  /** The number of entries. */
  public int size() {
    return keys.size();
  }

  /** All keys in order. */
  public List<Object> keys() {
    return Collections.unmodifiableList(keys);
  }

  /** All values in order. */
  public List<Object> values() {
    return Collections.unmodifiableList(values);
  }

  /** Visits the entries whose key is a string, in order. */
  public void forEachNamed(BiConsumer<String, Object> use) {
    for (int i = 0; i < keys.size(); i++) {
      if (keys.get(i) instanceof String name) {
        use.accept(name, values.get(i));
      }
    }
  }

  /** Attributes set on the dict itself, such as the {@code _metadata} of a state dict. */
  @Override
  public void setState(Object state) {
    this.state = state;
  }

  /** What {@link #setState} was given last, or null. */
  public @Nullable Object state() {
    return state;
  }

  @Override
  public String toString() {
    return "dict of " + keys.size();
  }
}
