package io.camjar.engine.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Folds what follows a convolution into it: a batch norm into the weights, the residual and the
 * ReLU into its last step. In training, these go into the batch norm's sweep.
 *
 * <p>A value that is asked for, or that something else reads too, stays a value of its own.
 */
final class Fusion {
  private final List<Node> nodes;
  private final Set<Integer> asked;
  private final Map<Integer, Integer> readers = new HashMap<>();

  private Fusion(List<Node> nodes, Set<Integer> asked) {
    this.nodes = new ArrayList<>(nodes);
    this.asked = asked;
    for (Node node : nodes) {
      node.inputs().forEach(value -> readers.merge(value, 1, Integer::sum));
    }
  }

  /** The nodes by value; null where a value is no longer computed on its own. */
  static List<@Nullable Node> of(List<Node> nodes, Set<Integer> asked) {
    return new Fusion(nodes, asked).run();
  }

  private List<@Nullable Node> run() {
    List<@Nullable Node> fused = new ArrayList<>(nodes);
    for (int value = 0; value < nodes.size(); value++) {
      Node node = nodes.get(value);
      Integer into = null;
      Node.Foldable folded = null;
      if (node instanceof Node.Affine affine && isFree(affine.x())) {
        into = affine.x();
        folded =
            plain(fused.get(into)) instanceof Node.Conv conv && !conv.weights().folded()
                ? conv.withAffine(affine)
                : null;
      } else if (node instanceof Node.Add add && isFree(add.branch())) {
        into = add.branch();
        Node.Foldable plain = plain(fused.get(into));
        folded = plain == null ? null : plain.withResidual(add.shortcut());
      } else if (node instanceof Node.Relu relu && isFree(relu.x())) {
        into = relu.x();
        folded = fused.get(into) instanceof Node.Foldable f && !f.relu() ? f.withRelu() : null;
      }
      if (into != null && folded != null) {
        fused.set(into, null);
        fused.set(value, folded);
      }
    }
    return fused;
  }

  private boolean isFree(int value) {
    return !asked.contains(value) && readers.getOrDefault(value, 0) == 1;
  }

  private static Node.@Nullable Foldable plain(@Nullable Node node) {
    return node instanceof Node.Foldable step && step.residual() == null && !step.relu()
        ? step
        : null;
  }
}
