package io.camjar.gradcam.target;

/** Softmax of logits: {@code exp(y_c) / sum_k exp(y_k)}. */
public final class ClassProbabilities {
  private ClassProbabilities() {}

  /**
   * One probability for each class, in their order; they sum to 1. All are NaN if a logit is NaN or
   * positive infinity.
   */
  public static double[] of(float[] logits) {
    double[] probabilities = new double[logits.length];
    double largest = largest(logits);
    double sum = 0;
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] = Math.exp(logits[i] - largest);
      sum += probabilities[i];
    }
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] /= sum;
    }
    return probabilities;
  }

  /**
   * The cross entropy of a class in nats, {@code -ln softmax(y)_c}, also where that probability is
   * 0 in doubles.
   */
  public static double crossEntropy(float[] logits, int index) {
    double largest = largest(logits);
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - largest);
    }
    return Math.log(sum) - (logits[index] - largest);
  }

  /** Subtracted from all logits, so that no exponential overflows. */
  private static double largest(float[] logits) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    return largest;
  }
}
