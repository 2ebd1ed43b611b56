package io.camjar.engine.op;

/**
 * A sigmoid of three straight pieces, {@code min(max(alpha x + beta, 0), 1)}; its gradient at the
 * kinks is 0.
 *
 * @param alpha the slope in the middle; PyTorch's is 1/6, ONNX's default 0.2
 * @param beta the value at 0; 0.5 in both
 */
public record Hardsigmoid(double alpha, double beta) implements Elementwise {

  /** PyTorch's. */
  public Hardsigmoid() {
    this(1.0 / 6, 0.5);
  }

  @Override
  public boolean hasKinks() {
    return true;
  }

  @Override
  public double value(double x) {
    double y = alpha * x + beta;
    return y < 0 ? 0 : Math.min(y, 1);
  }

  @Override
  public double derivative(double x) {
    double y = alpha * x + beta;
    return y > 0 && y < 1 ? alpha : 0;
  }
}
