package io.camjar.gradcam.metric;

import java.util.Arrays;
import java.util.Random;

/**
 * Fills missing pixels so that each is the weighted mean of its neighbours, 1/6 for those beside
 * and 1/12 for those across a corner, and adds noise (Rong et al. 2022, ROAD, arXiv 2202.00449).
 *
 * <p>The same linear system as the paper's {@code imputations.py}: beyond the picture's edge there
 * are no neighbours and the other weights count for more. It is a {@link GridLaplacian}, positive
 * definite as long as one pixel is known. Where no pixel is known every channel becomes its mean.
 *
 * @param noise standard deviation of what is added
 * @param seed of the noise
 */
record NoisyLinearImputer(double noise, long seed) {
  private static final double BESIDE = 1.0 / 6;
  private static final double ACROSS = 1.0 / 12;

  /**
   * The input with its missing pixels filled.
   *
   * @param input {@code [channels][height][width]} flattened
   * @param missing one flag a pixel
   */
  float[] impute(float[] input, boolean[] missing, int width) {
    Random random = new Random(seed);
    float[] filled = input.clone();
    GridLaplacian laplacian = GridLaplacian.of(missing, width, BESIDE, ACROSS);
    boolean nothingKnown = laplacian.cells().length == missing.length;
    for (int from = 0; from < input.length; from += missing.length) {
      double[] solution =
          nothingKnown
              ? means(input, from, missing, width)
              : solve(laplacian, input, from, missing, width);
      for (int i = 0; i < missing.length; i++) {
        if (missing[i]) {
          double value = solution[GridLaplacian.at(i / width, i % width, width)];
          filled[from + i] = (float) (value + noise * random.nextGaussian());
        }
      }
    }
    return filled;
  }

  /** One channel, which starts at {@code from}; only the missing pixels' places hold answers. */
  private static double[] solve(
      GridLaplacian laplacian, float[] input, int from, boolean[] missing, int width) {
    int stride = width + 2;
    double[] known = new double[(missing.length / width + 2) * stride];
    double sum = 0;
    for (int i = 0; i < missing.length; i++) {
      if (!missing[i]) {
        known[GridLaplacian.at(i / width, i % width, width)] = input[from + i];
        sum += input[from + i];
      }
    }
    double[] pull = new double[known.length];
    double[] x = new double[known.length];
    for (int at : laplacian.cells()) {
      pull[at] = GridLaplacian.neighbours(known, at, stride, BESIDE, ACROSS);
      x[at] = sum / (missing.length - laplacian.cells().length);
    }
    laplacian.solve(pull, x);
    return x;
  }

  /** The mean of one channel at every place. */
  private static double[] means(float[] input, int from, boolean[] missing, int width) {
    double sum = 0;
    for (int i = 0; i < missing.length; i++) {
      sum += input[from + i];
    }
    double[] means = new double[(missing.length / width + 2) * (width + 2)];
    Arrays.fill(means, sum / missing.length);
    return means;
  }
}
