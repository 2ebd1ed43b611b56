package io.camjar.gradcam.target;

import io.camjar.engine.CamjarException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What the numbers mean that a network gives, and so what a class's share is.
 *
 * <p>A file of weights seldom says it: the layer or the loss that makes shares of logits usually
 * lies outside of the network.
 */
public enum Outputs {
  /**
   * One class of several: {@code exp(y_c) / sum_k exp(y_k)}, which sum to 1. What networks trained
   * with a cross-entropy mean.
   */
  SOFTMAX,
  /**
   * Each class for itself: {@code 1 / (1 + exp(-y_c))}. What networks of several labels, or of one
   * output for yes or no, mean: those trained with a binary cross-entropy.
   */
  SIGMOID,
  /** Numbers that are no scores of classes, as a regression's: there are no shares. */
  RAW;

  /** The words of the command line and of records, in the order of the constants. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Outputs::word).toList();
  }

  /**
   * The constant of a word, letter case aside.
   *
   * @throws CamjarException if it is none of {@link #words}
   */
  public static Outputs named(String word) {
    return Arrays.stream(values())
        .filter(outputs -> outputs.word().equalsIgnoreCase(word.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                new CamjarException(
                    "outputs are read as %s, not as '%s'"
                        .formatted(String.join(", ", words()), word)));
  }

  /** {@code softmax}, {@code sigmoid} or {@code raw}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The shares of classes, 0 to 1; all NaN where there are none.
   *
   * @param scores one a class, before softmax or sigmoid
   */
  public double[] shares(float[] scores) {
    if (this == SOFTMAX) {
      return ClassProbabilities.of(scores);
    }
    double[] shares = new double[scores.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = this == SIGMOID ? SigmoidScore.of(scores[i]) : Double.NaN;
    }
    return shares;
  }

  /**
   * How wrong the scores are about an image that shows a class: the natural logarithm of 1 / its
   * share, also where the share is 0 in doubles; NaN where there are no shares. Of several labels
   * it is the part of the binary cross-entropy that is this label's.
   */
  public double loss(float[] scores, int actual) {
    return switch (this) {
      case SOFTMAX -> ClassProbabilities.crossEntropy(scores, actual);
      case SIGMOID -> SigmoidScore.crossEntropy(scores[actual]);
      case RAW -> Double.NaN;
    };
  }
}
