package io.camjar.gradcam.metric;

import io.camjar.engine.CamjarException;
import org.jspecify.annotations.Nullable;

/**
 * Structural similarity of two maps of values in 0..1 (Wang et al. 2004, IEEE TIP 13), as
 * scikit-image's {@code structural_similarity} computes it with {@code data_range=1}: means over
 * windows of 7 x 7, sample covariances, K1 = 0.01, K2 = 0.03, and the mean over the windows that
 * fit. Without that argument scikit-image takes floats to span -1 to 1, a range of 2.
 */
public final class StructuralSimilarity {
  private static final int WINDOW = 7;
  private static final double C1 = 0.01 * 0.01;
  private static final double C2 = 0.03 * 0.03;

  private StructuralSimilarity() {}

  /**
   * The similarity, 1 for equal maps.
   *
   * @param height rows, at least 7
   * @param width columns, at least 7
   * @throws CamjarException if there are fewer: no window fits
   */
  public static double of(float[] a, float[] b, int height, int width) {
    if (height < WINDOW || width < WINDOW) {
      throw new CamjarException(
          "structural similarity needs maps of at least %dx%d values, found %dx%d"
              .formatted(WINDOW, WINDOW, height, width));
    }
    double[][] sums = {
      integral(a, null, width),
      integral(b, null, width),
      integral(a, a, width),
      integral(b, b, width),
      integral(a, b, width)
    };
    double total = 0;
    for (int y = 0; y + WINDOW <= height; y++) {
      for (int x = 0; x + WINDOW <= width; x++) {
        total += window(sums, y, x, width + 1);
      }
    }
    return total / ((height - WINDOW + 1) * (width - WINDOW + 1));
  }

  private static double window(double[][] sums, int y, int x, int stride) {
    double count = WINDOW * WINDOW;
    double[] mean = new double[sums.length];
    for (int k = 0; k < mean.length; k++) {
      double[] s = sums[k];
      int top = y * stride + x;
      int bottom = top + WINDOW * stride;
      mean[k] = (s[bottom + WINDOW] - s[bottom] - s[top + WINDOW] + s[top]) / count;
    }
    double sample = count / (count - 1);
    double varA = sample * (mean[2] - mean[0] * mean[0]);
    double varB = sample * (mean[3] - mean[1] * mean[1]);
    double covariance = sample * (mean[4] - mean[0] * mean[1]);
    return (2 * mean[0] * mean[1] + C1)
        * (2 * covariance + C2)
        / ((mean[0] * mean[0] + mean[1] * mean[1] + C1) * (varA + varB + C2));
  }

  /** Sums over all rectangles from the corner, of {@code a}, or of {@code a * b}. */
  private static double[] integral(float[] a, float @Nullable [] b, int width) {
    int height = a.length / width;
    int stride = width + 1;
    double[] sums = new double[(height + 1) * stride];
    for (int y = 0; y < height; y++) {
      double row = 0;
      for (int x = 0; x < width; x++) {
        int i = y * width + x;
        row += b == null ? a[i] : (double) a[i] * b[i];
        sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + row;
      }
    }
    return sums;
  }
}
