package io.camjar.gradcam.method;

/**
 * Bilinear enlargement whose corner cells lie on the corner pixels, as PyTorch's {@code
 * UpsamplingBilinear2d}; Score-CAM's masks are made with it.
 */
final class AlignedCorners {
  private AlignedCorners() {}

  /** One channel of a layer at {@code height} x {@code width}, flattened. */
  static float[] enlarge(LayerSample sample, int channel, int height, int width) {
    float[] out = new float[height * width];
    int from = channel * sample.cells();
    float down = step(sample.height(), height);
    float across = step(sample.width(), width);
    for (int y = 0; y < height; y++) {
      float atRow = y * down;
      int row = Math.min((int) atRow, sample.height() - 1);
      int upper = from + row * sample.width();
      int lower = from + Math.min(row + 1, sample.height() - 1) * sample.width();
      float v = atRow - row;
      for (int x = 0; x < width; x++) {
        float atColumn = x * across;
        int left = Math.min((int) atColumn, sample.width() - 1);
        int right = Math.min(left + 1, sample.width() - 1);
        float u = atColumn - left;
        float[] a = sample.activations();
        out[y * width + x] =
            (1 - v) * ((1 - u) * a[upper + left] + u * a[upper + right])
                + v * ((1 - u) * a[lower + left] + u * a[lower + right]);
      }
    }
    return out;
  }

  private static float step(int cells, int pixels) {
    return pixels > 1 ? (cells - 1) / (float) (pixels - 1) : 0;
  }
}
