package io.camjar.weights.pickle;

import java.util.List;

/** A Python tuple. Equality is identity, because contents may be deep or refer back. */
public final class PyTuple {
  /** The tuple without items. */
  public static final PyTuple EMPTY = new PyTuple(List.of());

  private final List<Object> items;

  /** Creates a tuple of those items, which must not change afterwards. */
  public PyTuple(List<Object> items) {
    this.items = items;
  }

  /** Creates a tuple. */
  public static PyTuple of(Object... items) {
    return new PyTuple(List.of(items));
  }

  /** The items in order. */
  public List<Object> items() {
    return items;
  }

  /** The number of items. */
  public int size() {
    return items.size();
  }

  /** The item at {@code index}, or {@code None} beyond the end. */
  public Object get(int index) {
    return index < items.size() ? items.get(index) : PyNone.NONE;
  }

  @Override
  public String toString() {
    return "tuple of " + items.size();
  }
}
