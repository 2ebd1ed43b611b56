package io.camjar.weights.pickle;

import java.util.ArrayList;
import java.util.List;

/** A Python list or set. Equality is identity, because contents may be deep or refer back. */
public final class PyList {
  private final List<Object> items = new ArrayList<>(0);

  /** The items in order. */
  public List<Object> items() {
    return items;
  }

  @Override
  public String toString() {
    return "list of " + items.size();
  }
}
