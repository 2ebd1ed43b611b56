package io.camjar.engine.nn;

import io.camjar.engine.kernel.Pool2dGeometry;

/** The output shape that all pools share. */
final class PoolShapes {
  private PoolShapes() {}

  static long[] of(Leaf pool, Pool2dGeometry geometry, long[] input) {
    if (input.length == 4) {
      int outH = geometry.outH((int) input[2]);
      int outW = geometry.outW((int) input[3]);
      if (outH > 0 && outW > 0) {
        return new long[] {input[0], input[1], outH, outW};
      }
    }
    throw pool.mismatch(
        "[N, C, H, W] not smaller than its %dx%d window"
            .formatted(geometry.kernelH(), geometry.kernelW()),
        input);
  }

  /** {@code [N, C, 1, 1]} for a pool over the whole picture. */
  static long[] global(Leaf pool, long[] input) {
    if (input.length != 4) {
      throw pool.mismatch("[N, C, H, W]", input);
    }
    return new long[] {input[0], input[1], 1, 1};
  }
}
