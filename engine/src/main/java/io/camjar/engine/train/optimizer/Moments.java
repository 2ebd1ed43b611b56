package io.camjar.engine.train.optimizer;

import java.util.List;

/**
 * The running mean and square of gradients that Adam and what descends from it keep: {@code m =
 * beta1 m + (1 - beta1) g}, {@code v = beta2 v + (1 - beta2) g^2}, under PyTorch's names.
 */
final class Moments {
  static final List<String> SLOTS = List.of("exp_avg", "exp_avg_sq");

  private Moments() {}

  /**
   * Moves both by the gradients of a span, and puts Adam's direction in their place: {@code (m / (1
   * - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps)}.
   *
   * @param decay times a weight is added to its gradient first
   */
  static void direction(Rule.Span span, double beta2, double eps, double decay) {
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
    float inGradient = (float) decay;
    for (int i = 0; i < span.count(); i++) {
      float gradient = g[from + i] + inGradient * w[i];
      float mean = b1 * m[from + i] + add1 * gradient;
      float square = b2 * v[from + i] + add2 * gradient * gradient;
      m[from + i] = mean;
      v[from + i] = square;
      g[from + i] = scale * mean / ((float) Math.sqrt(square) * root + e);
    }
  }
}
