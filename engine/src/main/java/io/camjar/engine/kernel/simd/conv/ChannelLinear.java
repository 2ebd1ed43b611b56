package io.camjar.engine.kernel.simd.conv;

import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.kernel.simd.Epilogue;
import io.camjar.engine.kernel.simd.Scratch;
import io.camjar.engine.threads.Threads;
import java.util.Arrays;

/**
 * The backward to the input of a linear layer on one image's flattened maps, where only the sum of
 * the gradient over each map counts: {@code sum_p dx[c, p] = sum_o dy[o] (sum_p w[o, c, p])}. What
 * is in brackets is computed once, and is as many times smaller than the weights as a map has
 * places. The whole sum goes to a map's first place, zeros to the others.
 */
public final class ChannelLinear implements PackedConv2d {
  private final int channels;
  private final int places;
  private final SparseLinear sums;

  private ChannelLinear(int channels, int places, SparseLinear sums) {
    this.channels = channels;
    this.places = places;
    this.sums = sums;
  }

  /**
   * Sums up the weights.
   *
   * @param weights {@code [outputs, channels * places]}
   */
  public static ChannelLinear of(float[] weights, int outputs, int places, Threads threads) {
    int channels = weights.length / outputs / places;
    float[] sums = new float[outputs * channels];
    threads.run(
        outputs,
        (o, worker) -> {
          for (int i = o * channels; i < (o + 1) * channels; i++) {
            double sum = 0;
            for (int p = i * places; p < (i + 1) * places; p++) {
              sum += weights[p];
            }
            sums[i] = (float) sum;
          }
        });
    return new ChannelLinear(channels, places, SparseLinear.backwardInput(sums, outputs));
  }

  @Override
  public Halo halo(int inH, int inW, int outH, int outW) {
    return Halo.NONE;
  }

  @Override
  public void run(
      BlockedTensor x, BlockedTensor y, Epilogue epilogue, Scratch scratch, Threads threads) {
    if (y.channels != channels * places || epilogue.mask() != null) {
      throw new IllegalArgumentException("no sums over channels of %s".formatted(y));
    }
    BlockedTensor sum = BlockedTensor.zeros(1, channels, 1, 1, Halo.NONE);
    sums.run(x, sum, Epilogue.NOTHING, scratch, threads);
    BlockedTensor residual = epilogue.residual();
    for (int b = 0; b < y.blocks; b++) {
      int at = y.offset(0, b, 0, 0);
      if (residual == null) {
        Arrays.fill(y.data, at, at + y.block, 0);
      } else {
        System.arraycopy(residual.data, residual.offset(0, b, 0, 0), y.data, at, y.block);
      }
    }
    for (int c = 0; c < channels; c++) {
      y.data[y.feature(0, c * places)] += sum.data[sum.feature(0, c)];
    }
  }

  @Override
  public long bytes() {
    return sums.bytes();
  }
}
