package io.camjar.gradcam.image;

/**
 * Fixed-point filter weights for one axis of a resize: which source samples an output sample reads,
 * and how much each counts.
 *
 * @param first first source index of each output in the window
 * @param weights weights of each output, scaled by 2^{@value #PRECISION}
 */
record Coefficients(int[] first, int[][] weights) {
  /** Bits after the point: 32 less 8 of the sample and 2 of headroom, as in Pillow. */
  static final int PRECISION = 22;

  /**
   * Pillow's {@code precompute_coeffs} and {@code normalize_coeffs_8bpc}, for the outputs {@code
   * from} to {@code from + count} of an axis of {@code outSize}.
   *
   * @param low where the source box starts; Pillow keeps box corners as C floats
   * @param high where the source box ends
   */
  static Coefficients of(
      int inSize, float low, float high, int outSize, Resample filter, int from, int count) {
    double scale = (double) (high - low) / outSize;
    double filterScale = Math.max(scale, 1);
    double support = filter.support() * filterScale;
    double inverse = 1 / filterScale;
    int[] first = new int[count];
    int[][] weights = new int[count][];
    for (int i = 0; i < count; i++) {
      double center = low + (from + i + 0.5) * scale;
      int min = Math.max((int) (center - support + 0.5), 0);
      int max = Math.min((int) (center + support + 0.5), inSize);
      double[] exact = new double[max - min];
      double sum = 0;
      for (int x = 0; x < exact.length; x++) {
        exact[x] = filter.weight((x + min - center + 0.5) * inverse);
        sum += exact[x];
      }
      first[i] = min;
      weights[i] = fixed(exact, sum);
    }
    return new Coefficients(first, weights);
  }

  private static int[] fixed(double[] exact, double sum) {
    int[] out = new int[exact.length];
    for (int x = 0; x < out.length; x++) {
      double share = (sum == 0 ? exact[x] : exact[x] / sum) * (1 << PRECISION);
      out[x] = (int) (share < 0 ? share - 0.5 : share + 0.5);
    }
    return out;
  }

  /** The first source index that any output reads. */
  int low() {
    return first[0];
  }

  /** One past the last source index that any output reads. */
  int high() {
    int last = first.length - 1;
    return first[last] + weights[last].length;
  }
}
