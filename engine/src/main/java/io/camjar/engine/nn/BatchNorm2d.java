package io.camjar.engine.nn;

/** {@link BatchNorm} over {@code [N, C, H, W]}. */
public final class BatchNorm2d extends BatchNorm {

  /** Takes {@code path.weight}, {@code .bias}, {@code .running_mean} and {@code .running_var}. */
  public BatchNorm2d(String path, int features, Parameters parameters) {
    super(path, features, parameters);
  }

  @Override
  long[] outputShape(long[] input) {
    if (input.length != 4 || input[1] != features) {
      throw mismatch("[N, %d, H, W]".formatted(features), input);
    }
    return input.clone();
  }
}
