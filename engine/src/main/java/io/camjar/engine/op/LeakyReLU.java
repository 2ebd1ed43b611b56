package io.camjar.engine.op;

/**
 * {@code x} where it is positive, else {@code slope x}.
 *
 * @param slope of the negative part; PyTorch's default is 0.01
 */
public record LeakyReLU(double slope) implements Elementwise {

  @Override
  public boolean hasKinks() {
    return true;
  }

  @Override
  public double value(double x) {
    return x > 0 ? x : slope * x;
  }

  @Override
  public double derivative(double x) {
    return x > 0 ? 1 : slope;
  }
}
