package io.camjar.engine.op;

/**
 * GELU, {@code x P(x)} with the normal distribution function P (Hendrycks and Gimpel, arXiv
 * 1606.08415).
 *
 * @param tanh whether P is approximated, {@code (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2};
 *     else it is exact, {@code (1 + erf(x / sqrt(2))) / 2}
 */
public record GELU(boolean tanh) implements Elementwise {
  private static final double CUBIC = 0.044715;
  private static final double SCALE = Math.sqrt(2 / Math.PI);

  @Override
  public double value(double x) {
    return x * probability(x);
  }

  @Override
  public double derivative(double x) {
    double p = probability(x);
    double density =
        tanh
            ? 2 * p * (1 - p) * SCALE * (1 + 3 * CUBIC * x * x)
            : Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    return p + x * density;
  }

  private double probability(double x) {
    return tanh
        ? (1 + Math.tanh(SCALE * (x + CUBIC * x * x * x))) / 2
        : (1 + Erf.of(x / Math.sqrt(2))) / 2;
  }
}
