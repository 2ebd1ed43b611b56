package io.camjar.engine.op;

/**
 * Zero up to {@code lambd} on both sides of zero, and beyond it {@code x} brought nearer to zero by
 * {@code bias}. PyTorch's {@code Hardshrink} has no bias, its {@code Softshrink} one of {@code
 * lambd}; the gradient at the limits is 0, as theirs.
 *
 * @param lambd how far from zero nothing passes; not negative
 * @param bias what is taken off
 */
public record Shrink(double lambd, double bias) implements Elementwise {

  @Override
  public String kind() {
    return bias == 0 ? "Hardshrink" : bias == lambd ? "Softshrink" : "Shrink";
  }

  @Override
  public boolean hasKinks() {
    return true;
  }

  @Override
  public double value(double x) {
    return isWithin(x) ? 0 : x < 0 ? x + bias : x - bias;
  }

  @Override
  public double derivative(double x) {
    return isWithin(x) ? 0 : 1;
  }

  /** False of a number that is not one, which stays so. */
  private boolean isWithin(double x) {
    return x >= -lambd && x <= lambd;
  }
}
