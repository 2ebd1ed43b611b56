package io.camjar.weights.tensor;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Named tensors in the order of the file, as {@code module.state_dict()} gives them. Immutable. */
public final class StateDict {
  private final Map<String, TensorEntry> entries;

  private StateDict(Map<String, TensorEntry> entries) {
    this.entries = Collections.unmodifiableMap(entries);
  }

  /** The tensors under their own names; a later one replaces an earlier one of the same name. */
  public static StateDict of(Collection<TensorEntry> tensors) {
    Map<String, TensorEntry> entries = new LinkedHashMap<>();
    tensors.forEach(tensor -> entries.put(tensor.name(), tensor));
    return new StateDict(entries);
  }

  /** The names in order. */
  public Set<String> names() {
    return entries.keySet();
  }

  /** The tensors in order. */
  public Collection<TensorEntry> entries() {
    return entries.values();
  }

  /** How many tensors there are. */
  public int size() {
    return entries.size();
  }

  /** Whether a tensor has that name. */
  public boolean has(String name) {
    return entries.containsKey(name);
  }

  /** The tensor of that name. */
  public Optional<TensorEntry> find(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  /** The number of elements in all tensors together. */
  public long elements() {
    return entries.values().stream().mapToLong(TensorEntry::elements).sum();
  }

  @Override
  public String toString() {
    return "StateDict of " + size() + " tensors";
  }
}
