package io.camjar.gradcam.render;

import io.camjar.gradcam.image.Box;

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
   * The map laid over {@code region} of a picture of {@code height} x {@code width} pixels,
   * flattened; NaN at the pixels whose centres lie outside the region.
   */
  public static float[] onto(ScaledMap map, Box region, int height, int width) {
    Axis rows = Axis.of(map.height(), region.top(), region.height(), height);
    Axis columns = Axis.of(map.width(), region.left(), region.width(), width);
    float[] values = map.values();
    float[] out = new float[height * width];
    float[] blended = new float[map.width()];
    for (int y = 0; y < height; y++) {
      boolean rowSeen = rows.low[y] >= 0;
      if (rowSeen) {
        int upper = rows.low[y] * map.width();
        int lower = rows.high[y] * map.width();
        float down = rows.share[y];
        for (int x = 0; x < blended.length; x++) {
          blended[x] = values[upper + x] * (1 - down) + values[lower + x] * down;
        }
      }
      for (int x = 0; x < width; x++) {
        boolean seen = rowSeen && columns.low[x] >= 0;
        float across = columns.share[x];
        out[y * width + x] =
            seen
                ? blended[columns.low[x]] * (1 - across) + blended[columns.high[x]] * across
                : Float.NaN;
      }
    }
    return out;
  }

  /** For each pixel along an axis the two cells it lies between; low is -1 outside the region. */
  @SuppressWarnings("ArrayRecordComponent") // Local to this file; never compared.
  private record Axis(int[] low, int[] high, float[] share) {
    static Axis of(int cells, double start, double extent, int pixels) {
      int[] low = new int[pixels];
      int[] high = new int[pixels];
      float[] share = new float[pixels];
      double scale = cells / extent;
      for (int i = 0; i < pixels; i++) {
        double inside = i + 0.5 - start;
        if (inside < 0 || inside >= extent) {
          low[i] = -1;
          continue;
        }
        float at = (float) (inside * scale - 0.5);
        at = Math.max(0, Math.min(cells - 1, at));
        low[i] = (int) at;
        high[i] = Math.min(low[i] + 1, cells - 1);
        share[i] = at - low[i];
      }
      return new Axis(low, high, share);
    }
  }
}
