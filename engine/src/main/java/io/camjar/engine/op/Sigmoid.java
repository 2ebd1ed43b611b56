package io.camjar.engine.op;

/** The logistic function, {@code s(x) = 1 / (1 + exp(-x))}; its derivative is {@code s (1 - s)}. */
public record Sigmoid() implements Elementwise {

  @Override
  public double value(double x) {
    return of(x);
  }

  @Override
  public double derivative(double y) {
    return y * (1 - y);
  }

  @Override
  public boolean readsOutput() {
    return true;
  }

  static double of(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
