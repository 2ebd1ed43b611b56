package io.camjar.gradcam.method;

import java.util.Arrays;

/**
 * Channels projected on their first principal component: places are observations, channels are
 * variables, each centred on its mean over the places.
 *
 * <p>pytorch-grad-cam's {@code get_2d_projection} ({@code utils/svd_on_activations.py}) takes the
 * sign that LAPACK happens to return. Here the projection points to where the sum over channels
 * grows: their inner product is positive; if it is 0, the value farthest from 0 is positive.
 */
final class FirstComponent {
  private static final double NO_PREFERENCE = 1e-12;

  private FirstComponent() {}

  /**
   * The projection of every place.
   *
   * @param terms {@code [channels][cells]} flattened
   * @return one value a cell; all 0 if no channel varies, all NaN if a value is not finite
   */
  static float[] project(float[] terms, int channels) {
    int cells = terms.length / channels;
    for (float term : terms) {
      if (!Float.isFinite(term)) {
        float[] nothing = new float[cells];
        Arrays.fill(nothing, Float.NaN);
        return nothing;
      }
    }
    CenteredMatrix matrix = CenteredMatrix.of(terms, channels);
    double[] projection;
    if (channels < cells) {
      projection = matrix.combineRows(LeadingEigenvector.of(channels, matrix::rowGram));
    } else {
      // X v = sigma u, and the same with u's matrix instead of v's.
      projection = LeadingEigenvector.of(cells, matrix::columnGram);
      double sigma = norm(matrix.projectRows(projection));
      for (int i = 0; i < cells; i++) {
        projection[i] *= sigma;
      }
    }
    return Floats.of(oriented(projection, matrix.combineRows(ones(channels))));
  }

  private static double[] oriented(double[] projection, double[] sum) {
    double agreement = 0;
    double farthest = 0;
    for (int i = 0; i < sum.length; i++) {
      agreement += projection[i] * sum[i];
      if (Math.abs(projection[i]) > Math.abs(farthest)) {
        farthest = projection[i];
      }
    }
    boolean undecided = Math.abs(agreement) <= NO_PREFERENCE * norm(projection) * norm(sum);
    if ((undecided ? farthest : agreement) < 0) {
      for (int i = 0; i < projection.length; i++) {
        projection[i] = -projection[i];
      }
    }
    return projection;
  }

  private static double[] ones(int count) {
    double[] ones = new double[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static double norm(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }
}
