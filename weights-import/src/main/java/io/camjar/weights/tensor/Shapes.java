package io.camjar.weights.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Small facts about shapes. */
public final class Shapes {
  private Shapes() {}

  /** The strides, in elements, of a row-major tensor of that shape. */
  public static long[] rowMajorStrides(long[] shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int d = shape.length - 1; d >= 0; d--) {
      strides[d] = stride;
      stride *= Math.max(1, shape[d]);
    }
    return strides;
  }

  /** The strides, in elements, of a column-major tensor of that shape. */
  public static long[] columnMajorStrides(long[] shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int d = 0; d < shape.length; d++) {
      strides[d] = stride;
      stride *= Math.max(1, shape[d]);
    }
    return strides;
  }

  /** The number of elements of that shape, or -1 if it is beyond 64 bits or a size is negative. */
  public static long elements(long[] shape) {
    long count = 1;
    for (long size : shape) {
      if (size < 0 || Math.multiplyHigh(count, size) != 0 || count * size < 0) {
        return -1;
      }
      count *= size;
    }
    return count;
  }

  /** As PyTorch prints it: {@code [64, 3, 7, 7]}. */
  public static String toString(long... shape) {
    return Arrays.stream(shape)
        .mapToObj(Long::toString)
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
