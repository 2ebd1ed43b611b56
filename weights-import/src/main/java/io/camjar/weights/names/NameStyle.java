package io.camjar.weights.names;

import io.camjar.engine.model.resnet.HeadSpec;
import io.camjar.engine.model.resnet.SequentialHead;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.ReLU;
import io.camjar.weights.names.part.BodyNames;
import java.util.Map;

/** The ways to name a network's tensors. */
public enum NameStyle {
  /**
   * {@code conv1.weight}, {@code layer1.0.bn1.bias}, {@code fc.weight}; a fastai head {@code
   * head.N}, which torchvision has no names for.
   */
  TORCHVISION,
  /** {@code 0.0.weight}, {@code 0.4.0.bn1.bias}, {@code 1.N.weight}; a linear head {@code 1.2}. */
  FASTAI;

  /** In {@code nn.Sequential(pool, flatten, linear)} the linear layer stands at 2. */
  private static final String LINEAR_HEAD = "1.2.";

  /** Layers in front of those that torchvision has under {@code fc}. */
  private static final int POOL_AND_FLATTEN = 2;

  /**
   * As {@link #of(String)} in a network with a head: layers in {@code Sequential(pool, flatten,
   * ...)} that stand behind an average and hold no norm are those of torchvision's {@code fc}.
   */
  public String of(String canonical, HeadSpec head) {
    if (this == TORCHVISION && canonical.startsWith("head.") && isTorchvisions(head)) {
      String rest = canonical.substring("head.".length());
      int dot = rest.indexOf('.');
      int number = Integer.parseInt(rest.substring(0, dot));
      return ((SequentialHead) head).layers().size() == POOL_AND_FLATTEN + 1
          ? "fc" + rest.substring(dot)
          : "fc." + (number - POOL_AND_FLATTEN) + rest.substring(dot);
    }
    return of(canonical);
  }

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

  private static boolean isTorchvisions(HeadSpec head) {
    return head instanceof SequentialHead row
        && row.layers().get(0) instanceof AdaptiveAvgPool2d
        && row.layers().stream()
            .skip(POOL_AND_FLATTEN)
            .allMatch(op -> op instanceof Linear || op instanceof ReLU || op instanceof Dropout);
  }
}
