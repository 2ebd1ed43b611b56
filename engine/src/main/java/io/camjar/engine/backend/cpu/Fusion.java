package io.camjar.engine.backend.cpu;

import io.camjar.engine.backend.cpu.memory.Form;
import io.camjar.engine.backend.cpu.memory.Operand;
import io.camjar.engine.backend.cpu.step.ActivationStep;
import io.camjar.engine.backend.cpu.step.AddStep;
import io.camjar.engine.backend.cpu.step.AffineStep;
import io.camjar.engine.backend.cpu.step.ConcatStep;
import io.camjar.engine.backend.cpu.step.ConvStep;
import io.camjar.engine.backend.cpu.step.Foldable;
import io.camjar.engine.backend.cpu.step.HeadsStep;
import io.camjar.engine.backend.cpu.step.LayerNormStep;
import io.camjar.engine.backend.cpu.step.MoveStep;
import io.camjar.engine.backend.cpu.step.ReluStep;
import io.camjar.engine.backend.cpu.step.SliceStep;
import io.camjar.engine.kernel.simd.Activation;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.op.Reshape;
import io.camjar.engine.op.Transpose;
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
 * <p>Channels that are moved last, and back, are where they were; the slices, reshapes and
 * transposes around the heads of attention are one copy.
 *
 * <p>Another activation is folded where no gradient crosses it: a derivative asks for what goes in.
 *
 * <p>A value that is asked for, or that something else reads too, stays a value of its own.
 */
final class Fusion {
  private final List<@Nullable Step<BlockedTensor>> steps;
  private final Lowered.Use use;
  private final List<@Nullable Operand> places;
  private final Map<Integer, Integer> readers = new HashMap<>();

  private Fusion(
      List<@Nullable Step<BlockedTensor>> steps, Lowered.Use use, List<@Nullable Operand> places) {
    this.places = places;
    this.steps = steps;
    this.use = use;
    for (Step<BlockedTensor> step : steps) {
      if (step != null) {
        step.inputs().forEach(value -> readers.merge(value, 1, Integer::sum));
      }
    }
  }

  /**
   * The steps by value; null where a value is no longer computed on its own.
   *
   * @param places how values lie, where that is known
   */
  static List<@Nullable Step<BlockedTensor>> of(
      List<@Nullable Step<BlockedTensor>> steps, Lowered.Use use, List<@Nullable Operand> places) {
    return new Fusion(steps, use, places).run();
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
      } else if (step instanceof AddStep add && isAlike(add)) {
        into = add.branch();
        folded = withResidual(fused, add.branch(), add.shortcut());
        if (folded == null) {
          into = add.shortcut();
          folded = withResidual(fused, add.shortcut(), add.branch());
        }
      } else if (step instanceof ReluStep relu && isFree(relu.x())) {
        into = relu.x();
        folded = active(fused.get(into)) ? null : withRelu(fused.get(into));
      } else if (step instanceof ActivationStep function && isFree(function.x())) {
        into = function.x();
        folded = withActivation(fused.get(into), function.activation(), value);
      } else if (step instanceof MoveStep move && isFree(move.x())) {
        into = move.x();
        folded = moved(fused.get(into), move, value);
        if (folded instanceof HeadsStep heads && isFree(heads.x())) {
          folded = heads.kind() == HeadsStep.Kind.JOIN ? heads : withSlice(fused, heads);
        }
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

  private @Nullable Foldable withResidual(
      List<@Nullable Step<BlockedTensor>> fused, int branch, int residual) {
    Foldable plain = isFree(branch) ? plain(fused.get(branch)) : null;
    return plain == null ? null : plain.withResidual(residual);
  }

  private boolean isAlike(AddStep add) {
    Operand branch = places.get(add.branch());
    return branch != null && branch.equals(places.get(add.shortcut()));
  }

  /** What computes a moved value right away, or null. */
  private @Nullable Step<BlockedTensor> moved(
      @Nullable Step<BlockedTensor> step, MoveStep move, int value) {
    Operand from = places.get(move.x());
    Operand to = places.get(value);
    if (from == null || to == null) {
      return null;
    }
    if (MoveStep.isRelabelling(move.op(), from.form(), to.form())) {
      // The step's own memory is taken by value: it fills what lies as the moved value does.
      return step instanceof ConvStep || step instanceof LayerNormStep ? step : null;
    }
    Operand before = step instanceof MoveStep first ? places.get(first.x()) : null;
    boolean tokens = before != null && before.form() == Form.TOKENS && to.form() == Form.TOKENS;
    if (!tokens || !(step instanceof MoveStep first)) {
      return null;
    }
    if (first.op() instanceof Reshape && move.op() instanceof Transpose transpose) {
      HeadsStep.Kind kind = HeadsStep.splitting(before.shape(), from.shape(), transpose);
      return kind == null ? null : new HeadsStep(kind, 0, first.x());
    }
    boolean joins =
        first.op() instanceof Transpose transpose
            && move.op() instanceof Reshape
            && HeadsStep.joins(before.shape(), transpose, to.shape());
    return joins ? new HeadsStep(HeadsStep.Kind.JOIN, 0, first.x()) : null;
  }

  /** Heads of some channels, read where the channels were taken from. */
  private HeadsStep withSlice(List<@Nullable Step<BlockedTensor>> fused, HeadsStep heads) {
    if (fused.get(heads.x()) instanceof SliceStep slice) {
      Operand tokens = places.get(slice.x());
      if (tokens != null && tokens.form() == Form.TOKENS && tokens.isChannels(slice.op().axis())) {
        fused.set(heads.x(), null);
        return heads.of(slice, tokens.shape());
      }
    }
    return heads;
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
