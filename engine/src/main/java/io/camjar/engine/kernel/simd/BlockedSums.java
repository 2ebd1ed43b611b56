package io.camjar.engine.kernel.simd;

import io.camjar.engine.threads.Threads;

/** Sums in double precision over the channels or the places of one image. */
public final class BlockedSums {
  private BlockedSums() {}

  /** The mean over places of each channel; a block of channels a task. */
  public static double[] means(BlockedTensor x, int image, Threads threads) {
    double[] sums = new double[x.blocks * x.block];
    threads.run(
        x.blocks,
        (block, worker) -> {
          int first = block * x.block;
          for (int row = 0; row < x.height; row++) {
            int from = x.offset(image, block, row, 0);
            for (int i = from; i < from + x.width * x.block; i += x.block) {
              for (int c = 0; c < x.block; c++) {
                sums[first + c] += x.data[i + c];
              }
            }
          }
        });
    double[] means = new double[x.channels];
    for (int c = 0; c < means.length; c++) {
      means[c] = sums[c] / (x.height * x.width);
    }
    return means;
  }

  /** {@code sum_c w_c x_c} at each place, in the order of the channels; a row a task. */
  public static double[] weighted(BlockedTensor x, int image, double[] weights, Threads threads) {
    double[] sums = new double[x.height * x.width];
    threads.run(
        x.height,
        (row, worker) -> {
          for (int block = 0; block < x.blocks; block++) {
            int first = block * x.block;
            int used = Math.min(x.block, x.channels - first);
            int from = x.offset(image, block, row, 0);
            for (int column = 0; column < x.width; column++) {
              double sum = sums[row * x.width + column];
              for (int c = 0; c < used; c++) {
                sum += weights[first + c] * x.data[from + column * x.block + c];
              }
              sums[row * x.width + column] = sum;
            }
          }
        });
    return sums;
  }
}
