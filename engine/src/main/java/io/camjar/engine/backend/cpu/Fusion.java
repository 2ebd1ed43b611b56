package io.camjar.engine.backend.cpu;

import io.camjar.engine.kernel.simd.Activation;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.run.Lowered;
import io.camjar.engine.run.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Folds what follows a convolution into it: a batch norm into the weights, the residual and the
 * ReLU into its last step. In training, these go into the batch norm's sweep.
 *
 * <p>Another activation is folded where no gradient crosses it: a derivative asks for what goes in.
 *
 * <p>A value that is asked for, or that something else reads too, stays a value of its own.
 */
final class Fusion {
  private final List<@Nullable Step<BlockedTensor>> steps;
  private final Lowered.Use use;
  private final Map<Integer, Integer> readers = new HashMap<>();

  private Fusion(List<@Nullable Step<BlockedTensor>> steps, Lowered.Use use) {
    this.steps = steps;
    this.use = use;
    for (Step<BlockedTensor> step : steps) {
      if (step != null) {
        step.inputs().forEach(value -> readers.merge(value, 1, Integer::sum));
      }
    }
  }

  /** The steps by value; null where a value is no longer computed on its own. */
  static List<@Nullable Step<BlockedTensor>> of(
      List<@Nullable Step<BlockedTensor>> steps, Lowered.Use use) {
    return new Fusion(steps, use).run();
  }

  private List<@Nullable Step<BlockedTensor>> run() {
    List<@Nullable Step<BlockedTensor>> fused = new ArrayList<>(steps);
    for (int value = 0; value < steps.size(); value++) {
      Step<BlockedTensor> step = steps.get(value);
      Integer into = null;
      Step<BlockedTensor> folded = null;
      if (step instanceof AffineStep affine && isFree(affine.x())) {
        into = affine.x();
        folded = withAffine(fused.get(into), affine);
      } else if (step instanceof AddStep add && isFree(add.branch())) {
        into = add.branch();
        Foldable plain = plain(fused.get(into));
        folded = plain == null ? null : plain.withResidual(add.shortcut());
      } else if (step instanceof ReluStep relu && isFree(relu.x())) {
        into = relu.x();
        folded = active(fused.get(into)) ? null : withRelu(fused.get(into));
      } else if (step instanceof ActivationStep function && isFree(function.x())) {
        into = function.x();
        folded = withActivation(fused.get(into), function.activation(), value);
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

  private static @Nullable Foldable plain(@Nullable Step<BlockedTensor> step) {
    return step instanceof Foldable foldable && foldable.residual() == null && !active(step)
        ? foldable
        : null;
  }

  private static boolean active(@Nullable Step<BlockedTensor> step) {
    return (step != null && step.relu())
        || (step instanceof ConvStep conv && conv.activation() != null);
  }

  private static @Nullable Step<BlockedTensor> withAffine(
      @Nullable Step<BlockedTensor> step, AffineStep affine) {
    if (step instanceof ConcatStep concat && concat.affine() == null && !concat.relu()) {
      return concat.withAffine(affine);
    }
    return plain(step) instanceof ConvStep conv && !conv.weights().folded()
        ? conv.withAffine(affine)
        : null;
  }

  private static @Nullable Step<BlockedTensor> withRelu(@Nullable Step<BlockedTensor> step) {
    if (step instanceof ConcatStep concat) {
      return concat.withRelu();
    } else if (step instanceof AffineStep affine) {
      return new ConcatStep(List.of(affine.x()), 1, affine, true);
    }
    return step instanceof Foldable foldable ? foldable.withRelu() : null;
  }

  private @Nullable Foldable withActivation(
      @Nullable Step<BlockedTensor> step, Activation activation, int value) {
    boolean can = activation.keepsZero() && !use.crossed()[value] && !active(step);
    return can && step instanceof ConvStep conv ? conv.withActivation(activation) : null;
  }
}
