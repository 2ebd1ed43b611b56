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
    return Adam.SLOTS;
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
    float[] w = span.weights();
    float[] g = span.gradient();
    float[] m = span.slots()[0];
    float[] v = span.slots()[1];
    int from = span.from();
    float b1 = (float) span.momentum();
    float b2 = (float) beta2;
    float add1 = (float) (1 - span.momentum());
    float add2 = (float) (1 - beta2);
    float scale = (float) (1 / (1 - Math.pow(span.momentum(), span.step())));
    float root = (float) (1 / Math.sqrt(1 - Math.pow(beta2, span.step())));
    float e = (float) eps;
    float decay = (float) span.decay();
    for (int i = 0; i < span.count(); i++) {
      float gradient = g[from + i];
      float mean = b1 * m[from + i] + add1 * gradient;
      float square = b2 * v[from + i] + add2 * gradient * gradient;
      m[from + i] = mean;
      v[from + i] = square;
      g[from + i] = scale * mean / ((float) Math.sqrt(square) * root + e) + decay * w[i];
    }
  }
}
