package io.camjar.engine.op;

/**
 * {@code x} where it is positive, else {@code alpha (exp(x / alpha) - 1)} (Barron, arXiv
 * 1704.07483): an ELU whose slope does not jump.
 *
 * @param alpha minus the value far left; 1 as a rule
 */
public record CELU(double alpha) implements Elementwise {

  @Override
  public double value(double x) {
    return x > 0 ? x : alpha * Math.expm1(x / alpha);
  }

  @Override
  public double derivative(double x) {
    return x > 0 ? 1 : Math.exp(x / alpha);
  }
}
