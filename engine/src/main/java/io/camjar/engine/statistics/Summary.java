package io.camjar.engine.statistics;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a tensor's values: sums, extremes and counts, from which mean, deviation and
 * norm follow. Summaries of parts can be added. Immutable.
 */
public final class Summary {
  private final long count;
  private final double sum;
  private final double squares;
  private final double min;
  private final double max;
  private final long nearZero;
  private final long nonFinite;
  private final int units;
  private final BitSet live;
  private final long @Nullable [] histogram;

  Summary(
      long count,
      double sum,
      double squares,
      double min,
      double max,
      long nearZero,
      long nonFinite,
      int units,
      BitSet live,
      long @Nullable [] histogram) {
    this.count = count;
    this.sum = sum;
    this.squares = squares;
    this.min = min;
    this.max = max;
    this.nearZero = nearZero;
    this.nonFinite = nonFinite;
    this.units = units;
    this.live = live;
    this.histogram = histogram;
  }

  /** How many values there are. */
  public long count() {
    return count;
  }

  /** How many values are NaN or infinite. */
  public long nonFinite() {
    return nonFinite;
  }

  /** Their mean; NaN if a value is not finite. */
  public double mean() {
    return sum / count;
  }

  /**
   * Their standard deviation with {@code n - 1} for {@code n}, as PyTorch's {@code std()}; NaN for
   * a single value and if one is not finite.
   */
  public double std() {
    return Math.sqrt(Math.max(0, squares - sum * sum / count) / (count - 1));
  }

  /** The root of the sum of their squares, L2; NaN if a value is not finite. */
  public double norm() {
    return Math.sqrt(squares);
  }

  /** The root of the mean of their squares; NaN if a value is not finite. */
  public double rms() {
    return Math.sqrt(squares / count);
  }

  /** The smallest; NaN if a value is. */
  public double min() {
    return min;
  }

  /** The largest; NaN if a value is. */
  public double max() {
    return max;
  }

  /** The share of values whose size is at most {@link Measure#nearZero}. */
  public double nearZero() {
    return (double) nearZero / count;
  }

  /** Channels of images, features of vectors or tokens; 0 where the tensor has none. */
  public int units() {
    return units;
  }

  /** The share of units that are 0 at every place of every image; 0 where there are no units. */
  public double deadUnits() {
    return units == 0 ? 0 : 1 - (double) live.cardinality() / units;
  }

  /** How many finite values each of {@link Bins} holds; empty if it was not asked for. */
  public long[] histogram() {
    return histogram == null ? new long[0] : histogram.clone();
  }

  /**
   * That of the values of both.
   *
   * @throws IllegalArgumentException if one has units or a histogram that the other lacks
   */
  public Summary plus(Summary other) {
    if (units != other.units || (histogram == null) != (other.histogram == null)) {
      throw new IllegalArgumentException("summaries of different kinds cannot be added");
    }
    BitSet both = (BitSet) live.clone();
    both.or(other.live);
    long[] bins = histogram == null ? null : histogram.clone();
    for (int i = 0; bins != null && other.histogram != null && i < bins.length; i++) {
      bins[i] += other.histogram[i];
    }
    return new Summary(
        count + other.count,
        sum + other.sum,
        squares + other.squares,
        Math.min(min, other.min),
        Math.max(max, other.max),
        nearZero + other.nearZero,
        nonFinite + other.nonFinite,
        units,
        both,
        bins);
  }

  @Override
  public String toString() {
    return "Summary[count=%d, mean=%g, std=%g, norm=%g, min=%g, max=%g, nearZero=%g, nonFinite=%d]"
            .formatted(count, mean(), std(), norm(), min, max, nearZero(), nonFinite)
        + (histogram == null ? "" : Arrays.toString(histogram));
  }
}
