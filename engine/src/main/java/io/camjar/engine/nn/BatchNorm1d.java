package io.camjar.engine.nn;

/** {@link BatchNorm} over {@code [N, C]}. */
public final class BatchNorm1d extends BatchNorm {

  /** Takes {@code path.weight}, {@code .bias}, {@code .running_mean} and {@code .running_var}. */
  public BatchNorm1d(String path, int features, Parameters parameters) {
    super(path, features, parameters);
  }

  @Override
  long[] outputShape(long[] input) {
    if (input.length != 2 || input[1] != features) {
      throw mismatch("[N, %d]".formatted(features), input);
    }
    return input.clone();
  }
}
