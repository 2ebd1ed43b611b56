package io.camjar.engine.op;

/**
 * {@code x} to a power.
 *
 * @param exponent the power
 */
public record Power(double exponent) implements Elementwise {

  @Override
  public double value(double x) {
    return Math.pow(x, exponent);
  }

  @Override
  public double derivative(double x) {
    return exponent == 0 ? 0 : exponent * Math.pow(x, exponent - 1);
  }
}
