package io.camjar.engine.statistics;

import java.util.Arrays;

/**
 * Two summaries of one pass over memory.
 *
 * @param own that of the values
 * @param relu that of {@code max(x, 0)} for each of them
 */
public record SummaryWithRelu(Summary own, Summary relu) {

  /** Those of values in c order, as {@link Tally#of}. */
  public static SummaryWithRelu of(double[] values, Measure measure, long... shape) {
    double[] open = Arrays.stream(values).map(value -> Math.max(value, 0)).toArray();
    return new SummaryWithRelu(Tally.of(values, measure, shape), Tally.of(open, measure, shape));
  }
}
