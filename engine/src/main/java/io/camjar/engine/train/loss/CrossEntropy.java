package io.camjar.engine.train.loss;

import io.camjar.engine.CamjarException;
import java.util.Arrays;

/**
 * Cross-entropy of the softmax, the mean over a batch, as PyTorch's {@code CrossEntropyLoss}.
 *
 * <p>With targets {@code t}, smoothed to {@code t (1 - s) + s / C}, and class weights {@code w}, an
 * image's loss is {@code -sum_c w_c t_c log softmax(x)_c}. The mean divides by the sum of the
 * weights of the images' classes where targets are classes, and by the number of images where they
 * are probabilities.
 */
public final class CrossEntropy implements Loss {
  private final double smoothing;
  private final double[] weights;

  private CrossEntropy(double smoothing, double[] weights) {
    this.smoothing = smoothing;
    this.weights = weights;
  }

  /** Without smoothing, all classes alike. */
  public static CrossEntropy plain() {
    return smoothed(0);
  }

  /**
   * With label smoothing.
   *
   * @param smoothing the share of a target that is spread over all classes, 0 to 1
   * @throws CamjarException if the share is not in 0 to 1
   */
  public static CrossEntropy smoothed(double smoothing) {
    if (!(smoothing >= 0 && smoothing <= 1)) {
      throw new CamjarException("label smoothing must be from 0 to 1, found " + smoothing);
    }
    return new CrossEntropy(smoothing, new double[0]);
  }

  /**
   * The same with a weight a class.
   *
   * @param classWeights in index order, none negative
   * @throws CamjarException if a weight is negative or NaN
   */
  public CrossEntropy withWeights(double... classWeights) {
    if (Arrays.stream(classWeights).anyMatch(w -> !(w >= 0))) {
      throw new CamjarException(
          "weights of classes must not be negative, found " + Arrays.toString(classWeights));
    }
    return new CrossEntropy(smoothing, classWeights.clone());
  }

  @Override
  public double of(float[] logits, Targets targets, float[] gradient) {
    int classes = targets.outputsOf(logits);
    if (weights.length != 0 && weights.length != classes) {
      throw new CamjarException(
          "there are %d weights of classes for %d classes".formatted(weights.length, classes));
    }
    double divisor = divisor(targets, classes);
    double[] target = new double[classes];
    double[] logSoftmax = new double[classes];
    double sum = 0;
    for (int n = 0; n < targets.count(); n++) {
      int at = n * classes;
      target(targets, n, target);
      logSoftmax(logits, at, logSoftmax);
      double mass = 0;
      for (int c = 0; c < classes; c++) {
        target[c] = weight(c) * (target[c] * (1 - smoothing) + smoothing / classes);
        mass += target[c];
        sum -= target[c] == 0 ? 0 : target[c] * logSoftmax[c];
      }
      for (int c = 0; c < classes; c++) {
        gradient[at + c] = (float) ((Math.exp(logSoftmax[c]) * mass - target[c]) / divisor);
      }
    }
    return sum / divisor;
  }

  private double divisor(Targets targets, int classes) {
    if (!(targets instanceof Targets.Classes labels) || weights.length == 0) {
      return targets.count();
    }
    double sum = 0;
    for (int index : labels.indices()) {
      sum += weights[Targets.requireClass(index, classes)];
    }
    return sum;
  }

  private double weight(int c) {
    return weights.length == 0 ? 1 : weights[c];
  }

  private static void target(Targets targets, int n, double[] target) {
    if (targets instanceof Targets.Classes labels) {
      Arrays.fill(target, 0);
      target[Targets.requireClass(labels.indices()[n], target.length)] = 1;
    } else if (targets instanceof Targets.Values dense) {
      for (int c = 0; c < target.length; c++) {
        target[c] = dense.values()[n * target.length + c];
      }
    }
  }

  /** Largest first, so that no exponential overflows. */
  private static void logSoftmax(float[] logits, int at, double[] result) {
    double max = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < result.length; c++) {
      max = Math.max(max, logits[at + c]);
    }
    double sum = 0;
    for (int c = 0; c < result.length; c++) {
      sum += Math.exp(logits[at + c] - max);
    }
    double log = max + Math.log(sum);
    for (int c = 0; c < result.length; c++) {
      result[c] = logits[at + c] - log;
    }
  }
}
