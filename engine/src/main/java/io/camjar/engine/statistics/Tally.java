package io.camjar.engine.statistics;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Gathers a {@link Summary}, part by part. */
public final class Tally {
  private final Measure measure;
  private final int units;
  private final BitSet live;
  private final long @Nullable [] histogram;
  private long count;
  private double sum;
  private double squares;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private long nearZero;
  private long nonFinite;

  /**
   * One of no values yet.
   *
   * @param units of the tensor, numbered from 0; 0 if it has none
   */
  public Tally(Measure measure, int units) {
    this.measure = measure;
    this.units = units;
    this.live = new BitSet(units);
    this.histogram = measure.histogram() ? new long[Bins.COUNT] : null;
  }

  /** Adds a value of a unit; -1 for none. */
  public void add(double value, int unit) {
    count++;
    sum += value;
    squares += value * value;
    min = Math.min(min, value);
    max = Math.max(max, value);
    if (Math.abs(value) <= measure.nearZero()) {
      nearZero++;
    }
    if (unit >= 0 && value != 0) {
      live.set(unit);
    }
    if (!Double.isFinite(value)) {
      nonFinite++;
    } else if (histogram != null) {
      histogram[Bins.of((float) value)]++;
    }
  }

  /** Adds sums of finite values that were made elsewhere; {@link #addCounts} says how many. */
  public void addSums(double valueSum, double squareSum) {
    sum += valueSum;
    squares += squareSum;
  }

  /** Adds what was counted of finite values elsewhere. */
  public void addCounts(long values, double least, double most, long near) {
    count += values;
    min = Math.min(min, least);
    max = Math.max(max, most);
    nearZero += near;
  }

  /** Takes note that these units have a value that is not 0. */
  public void live(BitSet some) {
    live.or(some);
  }

  /** Adds counts by {@link Bins}, of values whose sums are added elsewhere. */
  public void addBins(long... counts) {
    long[] bins = histogram;
    for (int i = 0; bins != null && i < bins.length; i++) {
      bins[i] += counts[i];
    }
  }

  /** The summary. */
  public Summary summary() {
    return new Summary(count, sum, squares, min, max, nearZero, nonFinite, units, live, histogram);
  }

  /**
   * The summary of values in c order.
   *
   * @param values of the shape
   * @param shape units are along the second side; of {@code [N, T, D]} along the third
   */
  public static Summary of(double[] values, Measure measure, long... shape) {
    int units = units(shape);
    long inner = 1;
    for (int side = unitSide(shape) + 1; units > 0 && side < shape.length; side++) {
      inner *= shape[side];
    }
    Tally tally = new Tally(measure, units);
    for (int i = 0; i < values.length; i++) {
      tally.add(values[i], units == 0 ? -1 : (int) (i / inner % units));
    }
    return tally.summary();
  }

  /** L2 of values, summed in double precision. */
  public static double norm(float... values) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }

  private static int unitSide(long... shape) {
    return shape.length == 3 ? 2 : 1;
  }

  private static int units(long... shape) {
    return shape.length >= 2 && shape.length <= 4 ? (int) shape[unitSide(shape)] : 0;
  }
}
