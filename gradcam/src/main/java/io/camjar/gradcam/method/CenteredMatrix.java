package io.camjar.gradcam.method;

/** A matrix whose rows have mean 0, and its products with vectors. */
final class CenteredMatrix {
  private final double[] values;
  private final int rows;
  private final int columns;

  private CenteredMatrix(double[] values, int rows) {
    this.values = values;
    this.rows = rows;
    this.columns = values.length / rows;
  }

  /** Subtracts from each of {@code rows} rows its mean. */
  static CenteredMatrix of(float[] values, int rows) {
    double[] centered = new double[values.length];
    int columns = values.length / rows;
    for (int from = 0; from < centered.length; from += columns) {
      double mean = Floats.sum(values, from, columns) / columns;
      for (int i = from; i < from + columns; i++) {
        centered[i] = values[i] - mean;
      }
    }
    return new CenteredMatrix(centered, rows);
  }

  /** {@code M x}: one inner product a row. */
  double[] projectRows(double[] x) {
    double[] y = new double[rows];
    for (int r = 0; r < rows; r++) {
      double sum = 0;
      for (int c = 0; c < columns; c++) {
        sum += values[r * columns + c] * x[c];
      }
      y[r] = sum;
    }
    return y;
  }

  /** {@code M' x}: the rows weighted and summed. */
  double[] combineRows(double[] x) {
    double[] y = new double[columns];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        y[c] += values[r * columns + c] * x[r];
      }
    }
    return y;
  }

  /** {@code M M' x}. */
  double[] rowGram(double[] x) {
    return projectRows(combineRows(x));
  }

  /** {@code M' M x}. */
  double[] columnGram(double[] x) {
    return combineRows(projectRows(x));
  }
}
