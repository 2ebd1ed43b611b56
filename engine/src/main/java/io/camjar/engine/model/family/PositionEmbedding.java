package io.camjar.engine.model.family;

/**
 * Position embeddings of a grid of patches, resampled for another grid as timm does: bicubic and
 * antialiased, as PyTorch's {@code interpolate(mode="bicubic", antialias=True)} and Pillow, whose
 * cubic has a = -0.5.
 */
final class PositionEmbedding {
  private static final double A = -0.5;
  private static final double REACH = 2;

  private PositionEmbedding() {}

  /**
   * The embeddings of another grid.
   *
   * @param values {@code [prefix + rows * columns, width]} flattened; what stands before the grid
   *     stays as it is
   */
  static float[] resample(
      float[] values, int prefix, int rows, int columns, int newRows, int newColumns, int width) {
    double[][] down = weights(rows, newRows);
    double[][] across = weights(columns, newColumns);
    float[] resampled = new float[(prefix + newRows * newColumns) * width];
    System.arraycopy(values, 0, resampled, 0, prefix * width);
    double[] row = new double[newColumns * width];
    for (int y = 0; y < newRows; y++) {
      double[] sums = new double[newColumns * width];
      for (int from = 0; from < rows; from++) {
        if (down[y][from] != 0) {
          across(values, (prefix + from * columns) * width, across, width, row);
          for (int i = 0; i < sums.length; i++) {
            sums[i] += down[y][from] * row[i];
          }
        }
      }
      for (int i = 0; i < sums.length; i++) {
        resampled[(prefix + y * newColumns) * width + i] = (float) sums[i];
      }
    }
    return resampled;
  }

  /** One row of the grid at its new number of columns. */
  private static void across(float[] values, int at, double[][] weights, int width, double[] row) {
    for (int x = 0; x < weights.length; x++) {
      for (int d = 0; d < width; d++) {
        double sum = 0;
        for (int from = 0; from < weights[x].length; from++) {
          sum += weights[x][from] * values[at + from * width + d];
        }
        row[x * width + d] = sum;
      }
    }
  }

  /** For each new place the weights of the old ones. */
  private static double[][] weights(int from, int to) {
    double scale = (double) from / to;
    double stretch = Math.max(1, scale);
    double reach = REACH * stretch;
    double[][] weights = new double[to][from];
    for (int place = 0; place < to; place++) {
      double center = (place + 0.5) * scale;
      int first = Math.max((int) (center - reach + 0.5), 0);
      int end = Math.min((int) (center + reach + 0.5), from);
      double sum = 0;
      for (int i = first; i < end; i++) {
        weights[place][i] = cubic((i + 0.5 - center) / stretch);
        sum += weights[place][i];
      }
      for (int i = first; i < end; i++) {
        weights[place][i] /= sum;
      }
    }
    return weights;
  }

  private static double cubic(double distance) {
    double x = Math.abs(distance);
    if (x < 1) {
      return ((A + 2) * x - (A + 3)) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
  }
}
