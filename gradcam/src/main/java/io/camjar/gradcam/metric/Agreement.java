package io.camjar.gradcam.metric;

import java.util.Arrays;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/** How alike two maps of one size are. */
public final class Agreement {
  private Agreement() {}

  /**
   * Pearson's correlation of the values, -1 to 1; 0 where a map is even, NaN of what is not finite.
   */
  public static double pearson(float[] a, float[] b) {
    return isEven(a) || isEven(b)
        ? 0
        : new PearsonsCorrelation().correlation(doubles(a), doubles(b));
  }

  /**
   * Spearman's correlation: Pearson's of the ranks; 0 where a map is even, NaN of what has a NaN.
   */
  public static double spearman(float[] a, float[] b) {
    if (hasNan(a) || hasNan(b)) {
      return Double.NaN; // which has no rank
    }
    return isEven(a) || isEven(b)
        ? 0
        : new SpearmansCorrelation().correlation(doubles(a), doubles(b));
  }

  private static boolean isEven(float[] values) {
    float first = values[0];
    for (float value : values) {
      if (value != first) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasNan(float[] values) {
    for (float value : values) {
      if (Float.isNaN(value)) {
        return true;
      }
    }
    return false;
  }

  static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i] + 0.0); // which makes -0 a 0: else it ranks below
    return doubles;
  }
}
