package io.camjar.weights;

import java.util.List;

/** Weights that are NaN or infinite, with which a network computes nothing but NaN. */
public final class NonFiniteWeights {
  private static final int SHOWN = 3;

  private NonFiniteWeights() {}

  /** One sentence that names tensors with such values. */
  public static String sentence(List<String> tensors) {
    List<String> shown = tensors.stream().limit(SHOWN).map(name -> "'" + name + "'").toList();
    return (tensors.size() == 1
            ? "one tensor holds NaN or infinite values: "
            : tensors.size() + " tensors hold NaN or infinite values: ")
        + String.join(", ", shown)
        + (tensors.size() > SHOWN ? " and others" : "")
        + "; what is computed with them means nothing.";
  }
}
