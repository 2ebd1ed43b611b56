package io.camjar.engine.kernel;

import java.util.Arrays;

/**
 * Sums of squares in double precision, one after the other. Many values have sums of their own, so
 * that no addition waits for the last and the just-in-time compiler adds in vectors. For one thread
 * at a time: the sums' memory is taken once.
 */
public final class SquareSums {
  /** Sums that are made side by side: so many that loops over them are long. */
  private static final int PARTS = 1024;

  private final double[] sums = new double[PARTS];

  /** That of some values. */
  public double of(float[] values, int from, int count) {
    Arrays.fill(sums, 0);
    for (int first = from; first < from + count; first += PARTS) {
      int some = Math.min(PARTS, from + count - first);
      for (int i = 0; i < some; i++) {
        double value = values[first + i];
        sums[i] += value * value;
      }
    }
    return all();
  }

  /** That of the differences, rounded, between the first values of two arrays. */
  public double ofChange(float[] before, float[] after, int count) {
    Arrays.fill(sums, 0);
    for (int first = 0; first < count; first += PARTS) {
      int some = Math.min(PARTS, count - first);
      for (int i = 0; i < some; i++) {
        double value = after[first + i] - before[first + i];
        sums[i] += value * value;
      }
    }
    return all();
  }

  private double all() {
    for (int half = PARTS / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        sums[i] += sums[half + i];
      }
    }
    return sums[0];
  }
}
