package io.camjar.engine.op;

/** The first tensor less the second, broadcast. */
public record Sub() implements Arithmetic {

  @Override
  public double value(double a, double b) {
    return a - b;
  }

  @Override
  public double byFirst(double a, double b) {
    return 1;
  }

  @Override
  public double bySecond(double a, double b) {
    return -1;
  }

  @Override
  public boolean isLinear() {
    return true;
  }
}
