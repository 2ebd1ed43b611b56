package io.camjar.engine.gpu;

import io.camjar.engine.gpu.math.Function;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A step that can scale its sums, add a residual and apply a function in one go. */
interface Foldable extends GpuStep {

  /** The value that is changed. */
  int x();

  /** Where its numbers come from. */
  Weights weights();

  /** A value added to the result, or null. */
  @Nullable Integer residual();

  /** What the sums go through last. */
  Function function();

  /** This step with a scale and a shift of each channel. */
  Foldable withAffine(double[] scale, double[] shift);

  /** This step with a residual. */
  Foldable withResidual(int value);

  /** This step with a last function. */
  Foldable withFunction(Function last);

  @Override
  default boolean relu() {
    return function().equals(Function.RELU);
  }

  @Override
  default List<Integer> inputs() {
    Integer residual = residual();
    return residual == null ? List.of(x()) : List.of(x(), residual);
  }
}
