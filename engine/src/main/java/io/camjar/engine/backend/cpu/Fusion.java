package io.camjar.engine.backend.cpu;

import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.run.Step;
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
  private final List<@Nullable Step<BlockedTensor>> steps;
  private final Set<Integer> apart;
  private final Map<Integer, Integer> readers = new HashMap<>();

  private Fusion(List<@Nullable Step<BlockedTensor>> steps, Set<Integer> apart) {
    this.steps = steps;
    this.apart = apart;
    for (Step<BlockedTensor> step : steps) {
      if (step != null) {
        step.inputs().forEach(value -> readers.merge(value, 1, Integer::sum));
      }
    }
  }

  /** The steps by value; null where a value is no longer computed on its own. */
  static List<@Nullable Step<BlockedTensor>> of(
      List<@Nullable Step<BlockedTensor>> steps, Set<Integer> apart) {
    return new Fusion(steps, apart).run();
  }

  private List<@Nullable Step<BlockedTensor>> run() {
    List<@Nullable Step<BlockedTensor>> fused = new ArrayList<>(steps);
    for (int value = 0; value < steps.size(); value++) {
      Step<BlockedTensor> step = steps.get(value);
      Integer into = null;
      Foldable folded = null;
      if (step instanceof AffineStep affine && isFree(affine.x())) {
        into = affine.x();
        folded =
            plain(fused.get(into)) instanceof ConvStep conv && !conv.weights().folded()
                ? conv.withAffine(affine)
                : null;
      } else if (step instanceof AddStep add && isFree(add.branch())) {
        into = add.branch();
        Foldable plain = plain(fused.get(into));
        folded = plain == null ? null : plain.withResidual(add.shortcut());
      } else if (step instanceof ReluStep relu && isFree(relu.x())) {
        into = relu.x();
        folded = fused.get(into) instanceof Foldable f && !f.relu() ? f.withRelu() : null;
      }
      if (into != null && folded != null) {
        fused.set(into, null);
        fused.set(value, folded);
      }
    }
    return fused;
  }

  private boolean isFree(int value) {
    return !apart.contains(value) && readers.getOrDefault(value, 0) == 1;
  }

  private static @Nullable Foldable plain(@Nullable Step<BlockedTensor> step) {
    return step instanceof Foldable foldable && foldable.residual() == null && !foldable.relu()
        ? foldable
        : null;
  }
}
