package io.camjar.engine.op;

/**
 * Limits each number to a range; the gradient at the limits is 0, as that of PyTorch's {@code
 * Hardtanh} and {@code ReLU6}.
 *
 * @param min the smallest result
 * @param max the largest
 */
public record Clip(double min, double max) implements Elementwise {

  /** PyTorch's {@code ReLU6}. */
  public static Clip relu6() {
    return new Clip(0, 6);
  }

  @Override
  public String kind() {
    return equals(relu6()) ? "ReLU6" : "Clip";
  }

  @Override
  public boolean hasKinks() {
    return true;
  }

  @Override
  public double value(double x) {
    // Not Math.max, which makes 0.0 of -0.0 and is slower.
    return x < min ? min : x > max ? max : x;
  }

  @Override
  public double derivative(double x) {
    return x > min && x < max ? 1 : 0;
  }
}
