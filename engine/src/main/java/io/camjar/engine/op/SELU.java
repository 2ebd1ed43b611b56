package io.camjar.engine.op;

/**
 * {@code scale x} where {@code x} is positive, else {@code scale alpha (exp(x) - 1)} (Klambauer et
 * al., arXiv 1706.02515).
 *
 * @param alpha with the scale, minus the value far left
 * @param scale the slope right of zero
 */
public record SELU(double alpha, double scale) implements Elementwise {

  /** PyTorch's {@code SELU}, whose coefficients are the paper's. */
  public static SELU standard() {
    return new SELU(1.6732632423543772, 1.0507009873554805);
  }

  @Override
  public boolean hasKinks() {
    return true;
  }

  @Override
  public double value(double x) {
    return scale * (x > 0 ? x : alpha * Math.expm1(x));
  }

  @Override
  public double derivative(double x) {
    return scale * (x > 0 ? 1 : alpha * Math.exp(x));
  }
}
