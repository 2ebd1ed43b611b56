package io.camjar.engine.op;

/**
 * {@code x} where it is positive, else {@code alpha (exp(x) - 1)} (Clevert et al., arXiv
 * 1511.07289).
 *
 * @param alpha minus the value far left; 1 as a rule
 */
public record ELU(double alpha) implements Elementwise {

  @Override
  public boolean hasKinks() {
    return alpha != 1;
  }

  @Override
  public double value(double x) {
    return x > 0 ? x : alpha * Math.expm1(x);
  }

  @Override
  public double derivative(double x) {
    return x > 0 ? 1 : alpha * Math.exp(x);
  }
}
