package io.camjar.gradcam.method;

/**
 * Bilinear enlargement whose corner cells lie on the corner pixels, as PyTorch's {@code
 * UpsamplingBilinear2d}; Score-CAM's masks are made with it.
 */
final class AlignedCorners {
  private final int cellsAcross;
  private final Axis rows;
  private final Axis columns;

  /** From maps of some rows and columns to pictures of some rows and columns. */
  AlignedCorners(int mapHeight, int mapWidth, int height, int width) {
    this.cellsAcross = mapWidth;
    this.rows = Axis.of(mapHeight, height);
    this.columns = Axis.of(mapWidth, width);
  }

  /** The map that starts at {@code from}, at the picture's size, flattened. */
  float[] enlarge(float[] maps, int from) {
    int width = columns.near.length;
    float[] out = new float[rows.near.length * width];
    for (int y = 0; y < rows.near.length; y++) {
      int upper = from + rows.near[y] * cellsAcross;
      int lower = from + rows.far[y] * cellsAcross;
      float v = rows.share[y];
      for (int x = 0; x < width; x++) {
        int left = columns.near[x];
        int right = columns.far[x];
        float u = columns.share[x];
        out[y * width + x] =
            (1 - v) * ((1 - u) * maps[upper + left] + u * maps[upper + right])
                + v * ((1 - u) * maps[lower + left] + u * maps[lower + right]);
      }
    }
    return out;
  }

  /** For each pixel the two cells it lies between, and how far it is from the near one. */
  @SuppressWarnings("ArrayRecordComponent") // Local to this file; never compared.
  private record Axis(int[] near, int[] far, float[] share) {
    static Axis of(int cells, int pixels) {
      Axis axis = new Axis(new int[pixels], new int[pixels], new float[pixels]);
      float step = pixels > 1 ? (cells - 1) / (float) (pixels - 1) : 0;
      for (int i = 0; i < pixels; i++) {
        float at = i * step;
        axis.near[i] = Math.min((int) at, cells - 1);
        axis.far[i] = Math.min(axis.near[i] + 1, cells - 1);
        axis.share[i] = at - axis.near[i];
      }
      return axis;
    }
  }
}
