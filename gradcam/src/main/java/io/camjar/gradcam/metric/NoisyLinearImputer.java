package io.camjar.gradcam.metric;

import java.util.Arrays;
import java.util.Random;

/**
 * Fills missing pixels so that each is the weighted mean of its neighbours, 1/6 for those that
 * share an edge and 1/12 for those that share a corner, and adds noise (Rong et al. 2022, ROAD,
 * arXiv 2202.00449).
 *
 * <p>The same linear system as the paper's {@code imputations.py}: beyond the image's edge there
 * are no neighbours and the other weights count for more. It is a {@link GridLaplacian}, positive
 * definite as long as one pixel is known. Where no pixel is known every channel becomes its mean.
 *
 * @param noise standard deviation of what is added
 * @param seed of the noise
 */
record NoisyLinearImputer(double noise, long seed) {
  private static final double EDGE = 1.0 / 6;
  private static final double CORNER = 1.0 / 12;

  /**
   * The input with its missing pixels filled.
   *
   * @param input {@code [channels][height][width]} flattened
   * @param missing one flag a pixel
   */
  float[] impute(float[] input, boolean[] missing, int width) {
    Random random = new Random(seed);
    float[] filled = input.clone();
    int known = 0;
    for (boolean one : missing) {
      known += one ? 0 : 1;
    }
    if (known == missing.length) {
      return filled;
    }
    GridLaplacian laplacian = known == 0 ? null : GridLaplacian.of(missing, width, EDGE, CORNER);
    for (int from = 0; from < input.length; from += missing.length) {
      double[] values =
          laplacian == null ? means(input, from, missing.length) : laplacian.fill(input, from);
      for (int i = 0; i < missing.length; i++) {
        if (missing[i]) {
          filled[from + i] = (float) (values[i] + noise * random.nextGaussian());
        }
      }
    }
    return filled;
  }

  /** The mean of one channel at every pixel. */
  private static double[] means(float[] input, int from, int pixels) {
    double sum = 0;
    for (int i = 0; i < pixels; i++) {
      sum += input[from + i];
    }
    double[] means = new double[pixels];
    Arrays.fill(means, sum / pixels);
    return means;
  }
}
