package io.camjar.engine.op;

import io.camjar.engine.kernel.HostCopy;
import java.util.function.IntFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A linear map along one axis: each number of the result is a weighted sum of a few numbers of its
 * row. Slices, padding, average pools and resizing are such maps.
 *
 * @param places for each place of the result those that it reads; negative for a constant outside
 * @param weights of what is read
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Taps(int[][] places, double[][] weights) {
  private static final double[] ONE = {1};

  /** Each place reads one other. */
  static Taps picks(int[] places) {
    int[][] all = new int[places.length][];
    double[][] ones = new double[places.length][];
    for (int j = 0; j < places.length; j++) {
      all[j] = new int[] {places[j]};
      ones[j] = ONE;
    }
    return new Taps(all, ones);
  }

  /** A map whose taps are computed place by place. */
  static Taps of(int length, IntFunction<int[]> places, IntFunction<double[]> weights) {
    int[][] all = new int[length][];
    double[][] by = new double[length][];
    for (int j = 0; j < length; j++) {
      all[j] = places.apply(j);
      by[j] = weights.apply(j);
    }
    return new Taps(all, by);
  }

  /**
   * The map of an array.
   *
   * @param constant the number that lies outside
   */
  INDArray forward(INDArray x, int axis, double constant) {
    Shape shape = Shape.of(x);
    Axis along = Axis.of(shape, axis);
    int inner = along.inner();
    int length = places.length;
    double[] in = HostCopy.doubles(x);
    double[] out = new double[along.rows() * length];
    for (int o = 0; o < along.outer(); o++) {
      for (int j = 0; j < length; j++) {
        int y = (o * length + j) * inner;
        for (int k = 0; k < places[j].length; k++) {
          double weight = weights[j][k];
          int place = places[j][k];
          int from = (o * along.length() + place) * inner;
          for (int i = 0; i < inner; i++) {
            out[y + i] += weight * (place < 0 ? constant : in[from + i]);
          }
        }
      }
    }
    return HostCopy.array(out, x.dataType(), shape.with(axis, length).toArray());
  }

  /**
   * The gradient of an array that was mapped.
   *
   * @param length of the axis of that array
   */
  INDArray backward(INDArray dy, int axis, long length) {
    Shape shape = Shape.of(dy);
    Axis along = Axis.of(shape, axis);
    int inner = along.inner();
    double[] d = HostCopy.doubles(dy);
    Shape input = shape.with(axis, length);
    double[] dx = new double[Math.toIntExact(input.length())];
    for (int o = 0; o < along.outer(); o++) {
      for (int j = 0; j < places.length; j++) {
        int y = (o * along.length() + j) * inner;
        for (int k = 0; k < places[j].length; k++) {
          int place = places[j][k];
          int to = (int) (o * length + place) * inner;
          for (int i = 0; place >= 0 && i < inner; i++) {
            dx[to + i] += weights[j][k] * d[y + i];
          }
        }
      }
    }
    return HostCopy.array(dx, dy.dataType(), input.toArray());
  }

  /** Rows and columns of images, each by its own map. */
  static INDArray image(INDArray x, Taps rows, Taps columns) {
    try (INDArray some = rows.forward(x, 2, 0)) {
      return columns.forward(some, 3, 0);
    }
  }

  /** The gradient of images of this shape whose rows and columns were mapped. */
  static INDArray imageBackward(INDArray dy, Taps rows, Taps columns, Shape x) {
    try (INDArray some = columns.backward(dy, 3, x.side(3))) {
      return rows.backward(some, 2, x.side(2));
    }
  }
}
