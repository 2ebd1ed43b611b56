package io.camjar.engine.kernel.simd.conv;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.kernel.simd.Epilogue;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.kernel.simd.PackMemory;
import io.camjar.engine.kernel.simd.Scratch;
import io.camjar.engine.threads.Threads;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Groups of few channels give the same bits as a direct sum that multiplies the rest by zeros. */
class GroupedConv2dTests {
  private final SplittableRandom random = new SplittableRandom(4);

  private float[] random(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  private BlockedTensor filled(int channels, int height, int width, Halo halo) {
    BlockedTensor x = BlockedTensor.zeros(2, channels, height, width, halo);
    for (int n = 0; n < x.batch; n++) {
      for (int c = 0; c < channels; c++) {
        for (int h = 0; h < height; h++) {
          for (int w = 0; w < width; w++) {
            x.data[x.offset(n, c / x.block, h, w) + c % x.block] = (float) random.nextDouble(-1, 1);
          }
        }
      }
    }
    return x;
  }

  private static float[] run(PackedConv2d conv, BlockedTensor x, int channels, int h, int w) {
    BlockedTensor y = BlockedTensor.zeros(2, channels, h, w, Halo.NONE);
    float[] bias = new float[Lanes.padded(channels)];
    Arrays.fill(bias, 0.25f);
    conv.run(x, y, new Epilogue(bias, null, true, null, null), new Scratch(), Threads.shared());
    return y.data;
  }

  /** As {@link Conv2dGeometry} has them, square. */
  private static Conv2dGeometry geometry(int channels, int kernel, int stride, int dilation) {
    int pad = kernel / 2 * dilation;
    return new Conv2dGeometry(
        channels, channels, kernel, kernel, stride, stride, pad, pad, dilation, dilation);
  }

  @ParameterizedTest
  @CsvSource({
    "4, 10, 3, 1, 1, 14, 14",
    "4, 9, 3, 2, 1, 15, 17",
    "4, 3, 5, 1, 1, 9, 6",
    "4, 8, 3, 1, 2, 11, 13",
    "8, 5, 3, 1, 1, 8, 22",
    "8, 4, 3, 2, 1, 7, 7",
    "8, 3, 1, 1, 1, 3, 1"
  })
  void theDirectSumsBits(
      int perGroup, int groups, int kernel, int stride, int dilation, int height, int width) {
    int each = Math.min(perGroup, Lanes.COUNT);
    int channels = each * groups;
    Conv2dGeometry g = geometry(channels, kernel, stride, dilation);
    float[] weights = random(channels * each * kernel * kernel);
    PackMemory memory = new PackMemory();
    int outH = g.outH(height);
    int outW = g.outW(width);

    DirectConv2d direct =
        DirectConv2d.forwardInGroups(g, groups, weights, memory, Threads.shared());
    BlockedTensor x = filled(channels, height, width, direct.halo(height, width, outH, outW));
    assertThat(run(GroupedConv2d.forward(g, groups, weights, memory), x, channels, outH, outW))
        .containsExactly(run(direct, x, channels, outH, outW));

    DirectConv2d back =
        DirectConv2d.backwardInputInGroups(g, groups, weights, memory, Threads.shared());
    BlockedTensor dy = filled(channels, outH, outW, back.halo(outH, outW, height, width));
    assertThat(
            run(
                GroupedConv2d.backwardInput(g, groups, weights, memory),
                dy,
                channels,
                height,
                width))
        .containsExactly(run(back, dy, channels, height, width));
  }

  @Test
  void anInfinityStaysInItsGroup() {
    Conv2dGeometry g = geometry(8, 3, 1, 1);
    GroupedConv2d conv = GroupedConv2d.forward(g, 2, random(8 * 4 * 9), new PackMemory());
    BlockedTensor x = filled(8, 5, 5, conv.halo(5, 5, 5, 5));
    x.data[x.offset(0, 0, 2, 2) + 5] = Float.POSITIVE_INFINITY;
    float[] y = run(conv, x, 8, 5, 5);
    for (int place = 0; place < 25; place++) {
      for (int c = 0; c < 4; c++) {
        assertThat(y[place * x.block + c]).isFinite();
      }
    }
  }
}
