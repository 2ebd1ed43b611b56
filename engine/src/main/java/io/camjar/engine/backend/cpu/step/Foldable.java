package io.camjar.engine.backend.cpu.step;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A step that can add a residual to its result, and apply a ReLU, in one go. */
public sealed interface Foldable extends CpuStep permits ConvStep, NormStep {

  /** The value that is changed. */
  int x();

  /** A value added to the result, or null. */
  @Nullable Integer residual();

  /** This step with a residual. */
  Foldable withResidual(int value);

  /** This step with a ReLU. */
  Foldable withRelu();

  @Override
  default List<Integer> inputs() {
    Integer residual = residual();
    return residual == null ? List.of(x()) : List.of(x(), residual);
  }
}
