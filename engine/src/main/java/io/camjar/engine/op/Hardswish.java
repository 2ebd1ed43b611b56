package io.camjar.engine.op;

/** {@code x min(max(x + 3, 0), 6) / 6} (Howard et al., arXiv 1905.02244). */
public record Hardswish() implements Elementwise {

  @Override
  public boolean hasKinks() {
    return true;
  }

  @Override
  public double value(double x) {
    return x * Math.min(Math.max(x + 3, 0), 6) / 6;
  }

  @Override
  public double derivative(double x) {
    // PyTorch's pieces: the middle one ends with 3.
    return x < -3 ? 0 : x <= 3 ? x / 3 + 0.5 : 1;
  }
}
