package io.camjar.gradcam.metric;

import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/** One figure over many images: its mean, and how sure it is. */
public final class SampleStatistics {
  private static final double TWO_SIDED_95 = 0.975;

  private final SummaryStatistics values = new SummaryStatistics();

  /** One more image; what is not a number is left out. */
  public void add(double value) {
    if (Double.isFinite(value)) {
      values.addValue(value);
    }
  }

  /** How many images. */
  public long count() {
    return values.getN();
  }

  /** The mean; NaN without images. */
  public double mean() {
    return values.getMean();
  }

  /** Half the width of the 95 % confidence interval of the mean, Student's; NaN below two. */
  public double margin() {
    long n = values.getN();
    if (n < 2) {
      return Double.NaN;
    }
    double t = new TDistribution(n - 1).inverseCumulativeProbability(TWO_SIDED_95);
    return t * values.getStandardDeviation() / Math.sqrt(n);
  }
}
