package io.camjar.engine.op;

/**
 * {@code x} where it is larger than a threshold, else 0: PyTorch's {@code Threshold} with a value
 * of 0, ONNX's {@code ThresholdedRelu}. The gradient at the threshold is 0.
 *
 * @param threshold from where on nothing is cut off
 */
public record Threshold(double threshold) implements Elementwise {

  @Override
  public boolean hasKinks() {
    return true;
  }

  @Override
  public double value(double x) {
    return x <= threshold ? 0 : x;
  }

  @Override
  public double derivative(double x) {
    return x <= threshold ? 0 : 1;
  }
}
