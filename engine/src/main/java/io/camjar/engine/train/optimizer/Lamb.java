package io.camjar.engine.train.optimizer;

import java.util.List;

/**
 * LAMB (You et al., arXiv 1904.00962, version 5, algorithm 2, and timm's {@code Lamb} without its
 * clipping): Adam's direction {@code r} with {@code decay w} added, and a step of {@code rate |w| /
 * |r|} times it. Where nothing decays, or a norm is 0, the factor is 1.
 *
 * @param beta1 of the mean
 * @param beta2 of the square
 * @param eps added behind the root
 */
public record Lamb(double beta1, double beta2, double eps) implements Rule {

  /** With timm's defaults. */
  public Lamb() {
    this(0.9, 0.999, 1e-6);
  }

  @Override
  public List<String> slots() {
    return Moments.SLOTS;
  }

  @Override
  public double momentum() {
    return beta1;
  }

  @Override
  public boolean layerwise() {
    return true;
  }

  @Override
  public void update(Span span) {
    Moments.direction(span, beta2, eps, 0);
    float[] w = span.weights();
    float[] direction = span.gradient();
    int from = span.from();
    float decay = (float) span.decay();
    for (int i = 0; i < span.count(); i++) {
      direction[from + i] += decay * w[i];
    }
  }
}
