package io.camjar.benchmarks.compare;

import java.util.Arrays;

/**
 * Where the middle half of some timings lies.
 *
 * @param low the first quartile
 * @param median half are smaller
 * @param high the third quartile
 */
public record Spread(double low, double median, double high) {

  /**
   * Of some values, at least one, in any order.
   *
   * <p>Quantiles interpolate between the order statistics as numpy's default does.
   */
  public static Spread of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no values");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Spread(quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75));
  }

  private static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /** Width of the middle half as a share of the median. */
  public double relative() {
    return (high - low) / median;
  }
}
