package io.camjar.engine.gpu;

import io.camjar.engine.gpu.math.Function;
import io.camjar.engine.gpu.math.Tensor;
import io.camjar.engine.run.Lowered;
import io.camjar.engine.run.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Folds what follows a convolution or linear layer into it: a batch norm into the weights, the
 * residual and the activation into its last step.
 *
 * <p>Another activation than ReLU is folded where no gradient crosses it: a derivative asks for
 * what goes in. A value that is asked for, or that something else reads too, stays a value of its
 * own.
 */
final class GpuFusion {
  private final List<@Nullable Step<Tensor>> steps;
  private final Lowered.Use use;
  private final Map<Integer, Integer> readers = new HashMap<>();

  private GpuFusion(List<@Nullable Step<Tensor>> steps, Lowered.Use use) {
    this.steps = steps;
    this.use = use;
    for (Step<Tensor> step : steps) {
      if (step != null) {
        step.inputs().forEach(value -> readers.merge(value, 1, Integer::sum));
      }
    }
  }

  /** The steps by value; null where a value is no longer computed on its own. */
  static List<@Nullable Step<Tensor>> of(List<@Nullable Step<Tensor>> steps, Lowered.Use use) {
    return new GpuFusion(steps, use).run();
  }

  private List<@Nullable Step<Tensor>> run() {
    List<@Nullable Step<Tensor>> fused = new ArrayList<>(steps);
    for (int value = 0; value < steps.size(); value++) {
      Step<Tensor> step = steps.get(value);
      Integer into = null;
      Step<Tensor> folded = null;
      if (step instanceof AffineStep affine && isFree(affine.x())) {
        into = affine.x();
        Foldable plain = plain(fused.get(into));
        folded =
            plain instanceof ConvStep conv && conv.weights().scale() == null
                ? conv.withAffine(affine.scale(), affine.shift())
                : null;
      } else if (step instanceof AddStep add && isFree(add.branch())) {
        into = add.branch();
        Foldable plain = plain(fused.get(into));
        folded = plain == null ? null : plain.withResidual(add.shortcut());
      } else if (step instanceof FunctionStep function && isFree(function.x())) {
        into = function.x();
        folded = withFunction(fused.get(into), function, value);
      }
      if (into != null && folded != null) {
        fused.set(into, null);
        fused.set(value, folded);
      }
    }
    return fused;
  }

  private boolean isFree(int value) {
    return !use.apart().contains(value) && readers.getOrDefault(value, 0) == 1;
  }

  /** A step that sums and does nothing more. */
  private static @Nullable Foldable plain(@Nullable Step<Tensor> step) {
    return step instanceof Foldable foldable
            && foldable.residual() == null
            && foldable.function().equals(Function.NONE)
        ? foldable
        : null;
  }

  private @Nullable Step<Tensor> withFunction(
      @Nullable Step<Tensor> step, FunctionStep function, int value) {
    if (step instanceof AffineStep affine) {
      return function.relu() && !affine.relu() ? affine.withRelu() : null;
    }
    if (step instanceof NormStep norm) {
      return function.relu() && !norm.relu() ? norm.withRelu() : null;
    }
    boolean can = function.relu() || !use.crossed()[value];
    return can && step instanceof Foldable foldable && foldable.function().equals(Function.NONE)
        ? foldable.withFunction(function.function())
        : null;
  }
}
