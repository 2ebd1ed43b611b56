package io.camjar.weights.pickle;

/**
 * The name of a class or function that a pickle mentions; only a name, never looked up.
 *
 * @param module for example {@code collections}
 * @param name for example {@code OrderedDict}
 */
public record PyGlobal(String module, String name) {
  /** {@code module.name}. */
  public String qualifiedName() {
    return module + "." + name;
  }

  @Override
  public String toString() {
    return qualifiedName();
  }
}
