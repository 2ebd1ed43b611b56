package io.camjar.engine.kernel.simd.conv;

import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.Scratch;
import io.camjar.engine.kernel.simd.conv.ConvSweep.Axis;
import io.camjar.engine.threads.Threads;

/**
 * The inputs that a convolution with one tap and a stride sees, side by side: each block of outputs
 * reads all of them, and one in four cells of an image fills only part of the sets of a cache.
 */
final class Subsample {
  private Subsample() {}

  /** Copies them to scratch memory. */
  static BlockedTensor of(
      BlockedTensor x, ConvSweep pass, BlockedTensor y, Scratch scratch, Threads threads) {
    Axis rows = pass.rows();
    Axis columns = pass.columns();
    int height = rows.outputs(y.height);
    int width = columns.outputs(y.width);
    int image = BlockedTensor.floats(x.block, x.blocks, height, width);
    scratch.reserve(Math.multiplyExact(x.batch, image), 0, 0);
    BlockedTensor seen =
        BlockedTensor.in(scratch.common(), x.block, x.batch, x.channels, height, width);
    int firstRow = rows.taps().get(0).cell();
    int firstColumn = columns.taps().get(0).cell();
    int planes = x.blocks * height;
    threads.run(
        x.batch * planes,
        planes,
        1,
        (from, end, worker) -> {
          for (int line = from; line < end; line++) {
            int n = line / planes;
            int block = line / height % x.blocks;
            int row = line % height;
            int at = x.offset(n, block, firstRow + row * rows.step(), firstColumn);
            copy(
                x.data,
                at,
                columns.step() * x.block,
                seen.data,
                seen.offset(n, block, row, 0),
                x.block,
                width);
          }
        });
    return seen;
  }

  private static void copy(
      float[] from, int at, int step, float[] to, int target, int block, int count) {
    for (int i = 0; i < count; i++) {
      System.arraycopy(from, at + i * step, to, target + i * block, block);
    }
  }
}
