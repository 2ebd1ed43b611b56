package io.camjar.benchmarks.gpu;

/** How far numbers are from those that were expected. */
final class Accuracy {
  private Accuracy() {}

  /** Largest difference over the largest expected magnitude; NaN if anything is. */
  static double relativeMax(float[] found, float[] expected) {
    if (found.length != expected.length) {
      return Double.NaN;
    }
    double difference = 0;
    double most = 0;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.max(difference, Math.abs((double) found[i] - expected[i]));
      most = Math.max(most, Math.abs(expected[i]));
    }
    return difference == 0 ? 0 : difference / most;
  }

  /** The norm of the difference over the expected norm; NaN if anything is. */
  static double relativeNorm(float[] found, float[] expected) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow((double) found[i] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    return difference == 0 ? 0 : Math.sqrt(difference / norm);
  }
}
