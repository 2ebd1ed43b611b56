package io.camjar.gradcam.render;

import io.camjar.gradcam.image.Box;
import io.camjar.gradcam.math.BilinearAxis;

/**
 * Bilinear enlargement of maps as OpenCV's {@code resize} with {@code INTER_LINEAR}, which
 * pytorch-grad-cam uses: half-pixel centres, edges repeated, no antialiasing.
 */
public final class MapResize {
  private MapResize() {}

  /** The map at {@code height} x {@code width}, flattened. */
  public static float[] bilinear(ScaledMap map, int height, int width) {
    return onto(map, Box.whole(width, height), height, width);
  }

  /**
   * The map laid over {@code region} of an image of {@code height} x {@code width} pixels,
   * flattened; NaN at the pixels whose centres lie outside the region.
   */
  public static float[] onto(ScaledMap map, Box region, int height, int width) {
    BilinearAxis rows = axis(map.height(), region.top(), region.height(), height);
    BilinearAxis columns = axis(map.width(), region.left(), region.width(), width);
    float[] values = map.values();
    float[] out = new float[height * width];
    float[] blended = new float[map.width()];
    for (int y = 0; y < height; y++) {
      boolean rowSeen = rows.low()[y] >= 0;
      if (rowSeen) {
        int upper = rows.low()[y] * map.width();
        int lower = rows.high()[y] * map.width();
        float down = rows.share()[y];
        for (int x = 0; x < blended.length; x++) {
          blended[x] = values[upper + x] * (1 - down) + values[lower + x] * down;
        }
      }
      for (int x = 0; x < width; x++) {
        boolean seen = rowSeen && columns.low()[x] >= 0;
        float across = columns.share()[x];
        out[y * width + x] =
            seen
                ? blended[columns.low()[x]] * (1 - across) + blended[columns.high()[x]] * across
                : Float.NaN;
      }
    }
    return out;
  }

  private static BilinearAxis axis(int cells, double start, double extent, int pixels) {
    double scale = cells / extent;
    return BilinearAxis.of(
        cells,
        pixels,
        i -> {
          double inside = i + 0.5 - start;
          boolean seen = inside >= 0 && inside < extent;
          return seen ? (float) (inside * scale - 0.5) : Float.NaN;
        });
  }
}
