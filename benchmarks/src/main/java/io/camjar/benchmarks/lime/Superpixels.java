package io.camjar.benchmarks.lime;

import java.util.Arrays;

/**
 * Parts of an image of similar colour: SLIC, which is k-means over colour and place that looks for
 * pixels near each centre only. Achanta et al. 2012, "SLIC Superpixels Compared to State-of-the-Art
 * Superpixel Methods", IEEE TPAMI 34(11). Colours are the network's normalised ones in place of
 * CIELAB, and parts need not be connected.
 *
 * @param of for every pixel, row by row, its part; 0 first
 * @param count how many parts
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Superpixels(int[] of, int count) {
  private static final int ITERATIONS = 5;

  /** How much a distance of one cell counts next to one of the colours' standard deviation. */
  private static final double COMPACTNESS = 0.5;

  /**
   * Divides an image.
   *
   * @param image {@code [3][height][width]}
   * @param cell about the side of a part in pixels
   */
  static Superpixels of(float[] image, int height, int width, int cell) {
    int rows = Math.max(1, Math.round((float) height / cell));
    int columns = Math.max(1, Math.round((float) width / cell));
    double[][] centers = new double[rows * columns][];
    for (int i = 0; i < centers.length; i++) {
      int y = (2 * (i / columns) + 1) * height / (2 * rows);
      int x = (2 * (i % columns) + 1) * width / (2 * columns);
      centers[i] = features(image, height, width, y * width + x);
    }
    int[] of = new int[height * width];
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
      assign(image, height, width, cell, centers, of);
      centers = means(image, height, width, centers, of);
    }
    return new Superpixels(of, centers.length);
  }

  /** Three colours, then row and column. */
  private static double[] features(float[] image, int height, int width, int pixel) {
    int pixels = height * width;
    int row = pixel / width;
    return new double[] {
      image[pixel], image[pixels + pixel], image[2 * pixels + pixel], row, pixel % width
    };
  }

  private static void assign(
      float[] image, int height, int width, int cell, double[][] centers, int[] of) {
    double[] nearest = new double[of.length];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    double weight = COMPACTNESS * COMPACTNESS / ((double) cell * cell);
    for (int c = 0; c < centers.length; c++) {
      double[] center = centers[c];
      int top = Math.max(0, (int) center[3] - 2 * cell);
      int left = Math.max(0, (int) center[4] - 2 * cell);
      for (int y = top; y < Math.min(height, (int) center[3] + 2 * cell); y++) {
        for (int x = left; x < Math.min(width, (int) center[4] + 2 * cell); x++) {
          double[] pixel = features(image, height, width, y * width + x);
          double distance = 0;
          for (int k = 0; k < pixel.length; k++) {
            double away = pixel[k] - center[k];
            distance += away * away * (k < 3 ? 1 : weight);
          }
          if (distance < nearest[y * width + x]) {
            nearest[y * width + x] = distance;
            of[y * width + x] = c;
          }
        }
      }
    }
  }

  private static double[][] means(
      float[] image, int height, int width, double[][] centers, int[] of) {
    double[][] sums = new double[centers.length][5];
    int[] sizes = new int[centers.length];
    for (int pixel = 0; pixel < of.length; pixel++) {
      double[] features = features(image, height, width, pixel);
      for (int k = 0; k < features.length; k++) {
        sums[of[pixel]][k] += features[k];
      }
      sizes[of[pixel]]++;
    }
    for (int c = 0; c < sums.length; c++) {
      for (int k = 0; k < sums[c].length; k++) {
        sums[c][k] = sizes[c] == 0 ? centers[c][k] : sums[c][k] / sizes[c];
      }
    }
    return sums;
  }

  /** The image with each part in its mean colour. */
  float[] flat(float[] image) {
    float[] flat = new float[image.length];
    for (int plane = 0; plane < image.length; plane += of.length) {
      double[] sums = new double[count];
      int[] sizes = new int[count];
      for (int pixel = 0; pixel < of.length; pixel++) {
        sums[of[pixel]] += image[plane + pixel];
        sizes[of[pixel]]++;
      }
      for (int pixel = 0; pixel < of.length; pixel++) {
        flat[plane + pixel] = (float) (sums[of[pixel]] / sizes[of[pixel]]);
      }
    }
    return flat;
  }
}
