package io.camjar.weights.names;

import io.camjar.weights.names.part.BodyNames;
import java.util.Map;

/** The ways to name a network's tensors. */
public enum NameStyle {
  /**
   * {@code conv1.weight}, {@code layer1.0.bn1.bias}, {@code fc.weight}; a fastai head {@code
   * head.N}.
   */
  TORCHVISION,
  /** {@code 0.0.weight}, {@code 0.4.0.bn1.bias}, {@code 1.N.weight}; a linear head {@code 1.2}. */
  FASTAI;

  /** In {@code nn.Sequential(pool, flatten, linear)} the linear layer stands at 2. */
  private static final String LINEAR_HEAD = "1.2.";

  /** Layers in front of those that torchvision has under {@code fc}. */
  private static final int POOL_AND_FLATTEN = 2;

  /** The name in this style of a tensor that the engine calls {@code canonical}. */
  public String of(String canonical) {
    if (this == TORCHVISION) {
      return canonical;
    }
    if (canonical.startsWith("head.")) {
      return "1." + canonical.substring("head.".length());
    }
    if (canonical.startsWith("fc.")) {
      String rest = canonical.substring("fc.".length());
      int dot = rest.indexOf('.');
      return dot < 0
          ? LINEAR_HEAD + rest
          : "1."
              + (Integer.parseInt(rest.substring(0, dot)) + POOL_AND_FLATTEN)
              + rest.substring(dot);
    }
    for (Map.Entry<Integer, String> child : BodyNames.CHILDREN.entrySet()) {
      String start = child.getValue() + ".";
      if (canonical.startsWith(start)) {
        return "0." + child.getKey() + "." + canonical.substring(start.length());
      }
    }
    throw new IllegalArgumentException(canonical + " is not a name of the engine");
  }
}
