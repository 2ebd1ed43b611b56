package io.camjar.weights.onnx.constant;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.Shapes;

/** NumPy's rule by which tensors of several shapes are combined. */
public final class BroadcastIndices {
  private BroadcastIndices() {}

  /** The shape of the result. */
  public static long[] shape(long[] a, long[] b) {
    long[] result = new long[Math.max(a.length, b.length)];
    for (int d = 0; d < result.length; d++) {
      long x = side(a, d, result.length);
      long y = side(b, d, result.length);
      if (x != y && x != 1 && y != 1) {
        throw Malformed.damaged(
            "the shapes %s and %s do not go together"
                .formatted(Shapes.toString(a), Shapes.toString(b)));
      }
      result[d] = x == 1 ? y : x;
    }
    return result;
  }

  private static long side(long[] shape, int d, int rank) {
    int own = d - (rank - shape.length);
    return own < 0 ? 1 : shape[own];
  }

  /** Which element of a tensor stands at each element of the result, row by row. */
  public static int[] places(long[] shape, long[] result) {
    int[] places = new int[size(result)];
    long[] strides = Shapes.rowMajorStrides(shape);
    long[] steps = new long[result.length];
    for (int d = 0; d < shape.length; d++) {
      steps[d + result.length - shape.length] = shape[d] == 1 ? 0 : strides[d];
    }
    long[] index = new long[result.length];
    for (int i = 0; i < places.length; i++) {
      long place = 0;
      for (int d = 0; d < index.length; d++) {
        place += index[d] * steps[d];
      }
      places[i] = (int) place;
      for (int d = index.length - 1; d >= 0 && ++index[d] == result[d]; d--) {
        index[d] = 0;
      }
    }
    return places;
  }

  /** The number of elements of a constant that is computed, which is bounded. */
  public static int size(long[] shape) {
    long elements = Shapes.elements(shape);
    if (elements < 0 || elements > Constant.MAX_ELEMENTS) {
      throw new Malformed(
          "computes a constant of the shape "
              + Shapes.toString(shape)
              + ", more than camjar computes while it reads",
          "fold the model's constants when you export it");
    }
    return (int) elements;
  }
}
