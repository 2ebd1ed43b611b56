package io.camjar.engine.op;

/** The product of two tensors, number by number, broadcast: a gate, or a layer's scale. */
public record Mul() implements Arithmetic {

  @Override
  public double value(double a, double b) {
    return a * b;
  }

  @Override
  public double byFirst(double a, double b) {
    return b;
  }

  @Override
  public double bySecond(double a, double b) {
    return a;
  }
}
