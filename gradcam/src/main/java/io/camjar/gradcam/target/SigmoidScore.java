package io.camjar.gradcam.target;

/**
 * The share of a class that is asked about by itself, {@code s = 1 / (1 + exp(-y))}, as a score.
 *
 * @param of the class's score {@code y} before the sigmoid
 */
public record SigmoidScore(Score of) implements Score {
  @Override
  public double value(float[] logits) {
    return of(of.value(logits));
  }

  /** {@code ds / dy = s (1 - s)}, the second factor without cancellation. */
  @Override
  public float[] gradient(float[] logits) {
    double score = of.value(logits);
    double slope = of(score) * of(-score);
    float[] gradient = of.gradient(logits);
    for (int j = 0; j < gradient.length; j++) {
      gradient[j] = (float) (gradient[j] * slope);
    }
    return gradient;
  }

  /** The sigmoid of a score; neither overflows nor forgets small shares. */
  public static double of(double score) {
    double small = Math.exp(-Math.abs(score));
    return score >= 0 ? 1 / (1 + small) : small / (1 + small);
  }

  /** {@code -ln sigmoid(y)}, also where the sigmoid is 0 in doubles. */
  public static double crossEntropy(double score) {
    return Math.max(-score, 0) + Math.log1p(Math.exp(-Math.abs(score)));
  }
}
