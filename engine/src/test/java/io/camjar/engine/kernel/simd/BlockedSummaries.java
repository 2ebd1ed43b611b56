package io.camjar.engine.kernel.simd;

import io.camjar.engine.kernel.SimdWidths;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.statistics.Measure;
import io.camjar.engine.statistics.Summary;
import io.camjar.engine.statistics.SummaryWithRelu;
import io.camjar.engine.threads.Threads;

/** Puts values into blocks, with a border, before they are summed up. */
public final class BlockedSummaries implements SimdWidths.Summaries {

  @Override
  public Summary of(float[] values, Measure measure, int n, int c, int h, int w) {
    return BlockedSummary.of(blocked(values, n, c, h, w), measure, Threads.shared());
  }

  @Override
  public SummaryWithRelu withRelu(float[] values, Measure measure, int n, int c, int h, int w) {
    return BlockedSummary.withRelu(blocked(values, n, c, h, w), measure, Threads.shared());
  }

  private static BlockedTensor blocked(float[] values, int n, int c, int h, int w) {
    // As a network's images lie, where there are few channels.
    BlockedTensor x = BlockedTensor.image(n, c, h, w, new Halo(2, 1));
    for (int i = 0; i < values.length; i++) {
      int plane = i / (h * w);
      int channel = plane % c;
      int at = x.offset(plane / c, channel / x.block, i / w % h, i % w);
      x.data[at + channel % x.block] = values[i];
    }
    return x;
  }
}
