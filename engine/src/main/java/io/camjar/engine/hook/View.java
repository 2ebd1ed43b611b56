package io.camjar.engine.hook;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Norms;
import io.camjar.engine.run.Seen;
import io.camjar.engine.statistics.Measure;
import io.camjar.engine.statistics.Summary;
import io.camjar.engine.statistics.Tally;
import io.camjar.engine.statistics.UpdateNorms;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a {@link Hook} is shown. */
public final class View {
  private final Hook hook;
  private final String name;
  private final long step;
  private final @Nullable Seen seen;
  private final @Nullable INDArray array;
  private final @Nullable INDArray parameter;
  private final @Nullable UpdateNorms norms;
  private OptionalDouble parameterNorm = OptionalDouble.empty();

  View(
      Hook hook,
      String name,
      long step,
      @Nullable Seen seen,
      @Nullable INDArray array,
      @Nullable INDArray parameter) {
    this.hook = hook;
    this.name = name;
    this.step = step;
    this.seen = seen;
    this.array = array;
    this.parameter = parameter;
    this.norms = null;
  }

  View(Hook hook, String name, long step, UpdateNorms norms) {
    this.hook = hook;
    this.name = name;
    this.step = step;
    this.seen = null;
    this.array = null;
    this.parameter = null;
    this.norms = norms;
  }

  /** The point's path or the parameter's full name. */
  public String name() {
    return name;
  }

  /** The number of the step, from 0. */
  public long step() {
    return step;
  }

  /**
   * Sums, extremes and counts of an activation, a gradient, a parameter's gradient or an update,
   * computed where the values lie.
   */
  public Summary summary(Measure measure) {
    return seen == null
        ? Tally.of(HostCopy.doubles(own()), measure, own().length())
        : seen.summary(measure);
  }

  /** A copy of the same values, which the caller closes. */
  public INDArray array() {
    return seen == null ? own().dup('c') : seen.array();
  }

  /**
   * The parameter that the gradient or the update is of, before the update; borrowed.
   *
   * @throws IllegalStateException if this is a point, or if the hook is on {@link Hook.Kind#NORMS}
   */
  public INDArray parameter() {
    if (parameter == null) {
      throw new IllegalStateException(
          norms == null
              ? name + " is a point, not a parameter"
              : "of the update of " + name + " there are norms, no values");
    }
    return parameter;
  }

  /**
   * log10 of the norm of what is shown to that of the parameter: of an update about -3 is usual.
   *
   * @throws IllegalStateException if this is a point, or if the hook is on {@link Hook.Kind#NORMS},
   *     whose {@link #norms} have a ratio of their own
   */
  public double logRatio() {
    return Math.log10(Norms.l2(own()) / parameterNorm());
  }

  /**
   * The L2 norm of {@link #parameter}, computed once.
   *
   * @throws IllegalStateException if this is a point, or if the hook is on {@link Hook.Kind#NORMS},
   *     which is shown it among its {@link #norms}
   */
  public double parameterNorm() {
    if (parameterNorm.isEmpty()) {
      parameterNorm = OptionalDouble.of(Norms.l2(parameter()));
    }
    return parameterNorm.getAsDouble();
  }

  /**
   * The norms of an update.
   *
   * @throws IllegalStateException if the hook is not on {@link Hook.Kind#NORMS}
   */
  public UpdateNorms norms() {
    if (norms == null) {
      throw new IllegalStateException(
          "the hook on %s is shown values, one on NORMS is shown norms".formatted(name));
    }
    return norms;
  }

  /**
   * Puts other values in place of those that are shown: the pass, or the update, goes on with them.
   *
   * @param values of the same shape, borrowed
   * @throws IllegalStateException if the hook did not say that it replaces
   */
  public void replace(INDArray values) {
    if (!hook.replaces()) {
      throw new IllegalStateException(
          "the hook on %s reads; one that is made with replacing() may replace".formatted(name));
    }
    if (seen == null) {
      own().assign(values);
    } else {
      seen.replace(values);
    }
  }

  private INDArray own() {
    if (array == null) {
      throw new IllegalStateException(
          norms == null
              ? name + " is shown where it lies, not as an array"
              : "of the update of " + name + " there are norms, no values");
    }
    return array;
  }
}
