package io.camjar.engine.op;

/**
 * The smaller of two numbers on two tensors, broadcast. Where both are equal each gets half of the
 * gradient, as of PyTorch's {@code torch.minimum}; a number that is not one passes through.
 */
public record Minimum() implements Arithmetic {

  @Override
  public boolean hasKinks() {
    return true;
  }

  @Override
  public double value(double a, double b) {
    return Math.min(a, b);
  }

  @Override
  public double byFirst(double a, double b) {
    return a == b ? 0.5 : a > b ? 0 : 1;
  }

  @Override
  public double bySecond(double a, double b) {
    return byFirst(b, a);
  }
}
