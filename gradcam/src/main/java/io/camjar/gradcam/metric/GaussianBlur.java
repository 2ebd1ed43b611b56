package io.camjar.gradcam.metric;

/**
 * RISE's blur ({@code evaluation.py}, {@code gkern(11, 5)}): 11 x 11 pixels, zeros beyond the edges
 * of the image. Its kernel is scipy's Gaussian filter of an 11 x 11 impulse, whose tails are
 * reflected at the impulse's edges, so it is flatter than a Gaussian of deviation 5.
 */
final class GaussianBlur {
  private static final int RADIUS = 5;
  private static final double DEVIATION = 5;
  private static final int TAPS = 20;
  private static final double[] KERNEL = kernel();

  private GaussianBlur() {}

  /** Each channel of an input, blurred. */
  static float[] blur(float[] input, int height, int width) {
    return along(along(input, width, 1), height, width);
  }

  /** Blurs along an axis of {@code length} values that lie {@code stride} apart. */
  private static float[] along(float[] values, int length, int stride) {
    float[] out = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      int at = i / stride % length;
      double sum = 0;
      for (int k = -RADIUS; k <= RADIUS; k++) {
        if (at + k >= 0 && at + k < length) {
          sum += KERNEL[k + RADIUS] * values[i + k * stride];
        }
      }
      out[i] = (float) sum;
    }
    return out;
  }

  /** One axis of the kernel: a Gaussian of 41 taps folded back into 11, as scipy reflects it. */
  private static double[] kernel() {
    int size = 2 * RADIUS + 1;
    double[] kernel = new double[size];
    double sum = 0;
    for (int j = -TAPS; j <= TAPS; j++) {
      sum += Math.exp(-0.5 * j * j / (DEVIATION * DEVIATION));
    }
    for (int i = 0; i < size; i++) {
      for (int j = -TAPS; j <= TAPS; j++) {
        int place = Math.floorMod(i + j, 2 * size);
        if ((place < size ? place : 2 * size - 1 - place) == RADIUS) {
          kernel[i] += Math.exp(-0.5 * j * j / (DEVIATION * DEVIATION)) / sum;
        }
      }
    }
    return kernel;
  }
}
