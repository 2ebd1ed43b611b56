package io.camjar.benchmarks.compare;

/**
 * How far two engines' answers to the same task are apart.
 *
 * @param error the largest difference as a share of the largest value; infinite if the answers are
 *     not of one length or not finite
 */
public record RelativeError(double error) {
  /** Single precision through 34 or 50 layers, Winograd on one side, stays well below. */
  public static final double TOLERANCE = 1e-3;

  /** Compares an answer with the one that is expected. */
  public static RelativeError of(float[] expected, float[] found) {
    if (expected.length != found.length || expected.length == 0) {
      return new RelativeError(Double.POSITIVE_INFINITY);
    }
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      if (!Float.isFinite(expected[i]) || !Float.isFinite(found[i])) {
        return new RelativeError(Double.POSITIVE_INFINITY);
      }
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs((double) expected[i] - found[i]));
    }
    return new RelativeError(difference == 0 ? 0 : difference / largest);
  }

  /** Whether timing the two next to each other means anything. */
  public boolean holds() {
    return error <= TOLERANCE;
  }
}
