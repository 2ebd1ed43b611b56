package io.camjar.engine.op;

import io.camjar.engine.kernel.Pool2dGeometry;
import java.util.stream.IntStream;

/** The output shapes that all pools share. */
final class PoolShapes {
  private PoolShapes() {}

  static Shape of(Op pool, String path, Window rows, Window columns, Shape x) {
    if (x.rank() == 4) {
      int outH = rows.count(x.at(2));
      int outW = columns.count(x.at(3));
      if (outH > 0 && outW > 0) {
        return Shape.of(x.side(0), x.side(1), outH, outW);
      }
    }
    throw pool.mismatch(
        path,
        "[N, C, H, W] not smaller than its %dx%d window".formatted(rows.kernel(), columns.kernel()),
        x);
  }

  /** {@code [N, C, 1, 1]} for a pool over the whole image. */
  static Shape global(Op pool, String path, Shape x) {
    if (x.rank() != 4) {
      throw pool.mismatch(path, "[N, C, H, W]", x);
    }
    return Shape.of(x.side(0), x.side(1), 1, 1);
  }

  /** One window over a whole image of this shape. */
  static Pool2dGeometry window(Shape x) {
    return Pool2dGeometry.global(x.at(2), x.at(3));
  }

  /** The places of one of several windows that cover a side. */
  static int[] adaptive(int length, int count, int window) {
    int start = window * length / count;
    int end = ((window + 1) * length + count - 1) / count;
    return IntStream.range(start, end).toArray();
  }
}
