package io.camjar.engine.op;

/** The hyperbolic tangent; its derivative is {@code 1 - y^2}. */
public record Tanh() implements Elementwise {

  @Override
  public double value(double x) {
    return Math.tanh(x);
  }

  @Override
  public double derivative(double y) {
    return 1 - y * y;
  }

  @Override
  public boolean readsOutput() {
    return true;
  }
}
