package io.camjar.gradcam.target;

/** Shares of classes: {@code exp(y_c) / sum_k exp(y_k)}. */
public final class ClassProbabilities {
  private ClassProbabilities() {}

  /** The shares, which sum to 1. */
  public static double[] of(float[] logits) {
    double[] shares = new double[logits.length];
    double largest = largest(logits);
    double sum = 0;
    for (int i = 0; i < shares.length; i++) {
      shares[i] = Math.exp(logits[i] - largest);
      sum += shares[i];
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= sum;
    }
    return shares;
  }

  /** The cross entropy of a class, {@code -ln share}, also where the share is 0 in doubles. */
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
