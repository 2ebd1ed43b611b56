package io.camjar.gradcam.method;

import io.camjar.gradcam.math.BilinearAxis;

/**
 * Bilinear enlargement whose corner cells lie on the corner pixels, as PyTorch's {@code
 * UpsamplingBilinear2d}; Score-CAM's masks are made with it.
 */
final class AlignedCorners {
  private final int cellsAcross;
  private final BilinearAxis rows;
  private final BilinearAxis columns;

  /** From maps of some rows and columns to images of some rows and columns. */
  AlignedCorners(int mapHeight, int mapWidth, int height, int width) {
    this.cellsAcross = mapWidth;
    this.rows = axis(mapHeight, height);
    this.columns = axis(mapWidth, width);
  }

  /** The map that starts at {@code from}, at the image's size, flattened. */
  float[] enlarge(float[] maps, int from) {
    int width = columns.outputs();
    float[] out = new float[rows.outputs() * width];
    for (int y = 0; y < rows.outputs(); y++) {
      int upper = from + rows.low()[y] * cellsAcross;
      int lower = from + rows.high()[y] * cellsAcross;
      float v = rows.share()[y];
      for (int x = 0; x < width; x++) {
        int left = columns.low()[x];
        int right = columns.high()[x];
        float u = columns.share()[x];
        out[y * width + x] =
            (1 - v) * ((1 - u) * maps[upper + left] + u * maps[upper + right])
                + v * ((1 - u) * maps[lower + left] + u * maps[lower + right]);
      }
    }
    return out;
  }

  private static BilinearAxis axis(int cells, int pixels) {
    float step = pixels > 1 ? (cells - 1) / (float) (pixels - 1) : 0;
    return BilinearAxis.of(cells, pixels, i -> i * step);
  }
}
