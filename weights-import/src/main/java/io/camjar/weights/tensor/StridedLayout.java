package io.camjar.weights.tensor;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** What strides say about where elements lie. */
final class StridedLayout {
  private StridedLayout() {}

  /**
   * Whether two different indices may share an element, other than along an expanded dimension.
   *
   * <p>No checkpoint has such tensors; they come from a damaged stride, which in a format without
   * checksums nothing else would notice.
   */
  static boolean overlaps(long[] shape, long[] strides) {
    Integer[] dimensions =
        IntStream.range(0, shape.length)
            .filter(d -> shape[d] > 1 && strides[d] > 0)
            .boxed()
            .toArray(Integer[]::new);
    Arrays.sort(dimensions, Comparator.comparingLong(d -> strides[d]));
    long reach = 0;
    for (int d : dimensions) {
      if (strides[d] <= reach) {
        return true;
      }
      reach += (shape[d] - 1) * strides[d];
    }
    return false;
  }
}
