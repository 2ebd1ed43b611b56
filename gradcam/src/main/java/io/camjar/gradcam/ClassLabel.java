package io.camjar.gradcam;

import org.jspecify.annotations.Nullable;

/**
 * A class of the network.
 *
 * @param index its place among the logits, from 0; -1 if it is none of them
 * @param label its name, or null where the model file and the user give none
 */
public record ClassLabel(int index, @Nullable String label) {
  /** In place of a class where the network has no classifier; its index is -1. */
  public static final ClassLabel NONE = new ClassLabel(-1, "any class");

  /** The name where there is one, else {@code class 7}. */
  public String display() {
    return label == null ? "class " + index : label;
  }
}
