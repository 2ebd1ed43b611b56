package io.camjar.engine.op;

/** The first tensor divided by the second, number by number, broadcast. */
public record Div() implements Arithmetic {

  @Override
  public double value(double a, double b) {
    return a / b;
  }

  @Override
  public double byFirst(double a, double b) {
    return 1 / b;
  }

  @Override
  public double bySecond(double a, double b) {
    return -a / (b * b);
  }
}
