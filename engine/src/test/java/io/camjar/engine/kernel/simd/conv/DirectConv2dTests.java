package io.camjar.engine.kernel.simd.conv;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.kernel.simd.Epilogue;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.kernel.simd.Scratch;
import io.camjar.engine.threads.Threads;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Long sums are those of the short ones' weights, rounded otherwise: whatever is left of the inputs
 * for a last part, with a residual and a ReLU.
 */
class DirectConv2dTests {

  @ParameterizedTest
  @CsvSource({
    "300, 40, 1, 1, 5, 7",
    "1500, 33, 1, 1, 14, 3",
    "2100, 64, 1, 2, 5, 5",
    "130, 48, 3, 1, 7, 7",
    "400, 16, 3, 1, 4, 15",
    "33, 70, 3, 2, 9, 8"
  })
  void longSumsAgreeWithShortOnes(
      int inputs, int outputs, int kernel, int stride, int height, int width) {
    SplittableRandom random = new SplittableRandom(inputs);
    Conv2dGeometry g = Conv2dGeometry.square(inputs, outputs, kernel, stride, kernel / 2);
    float[] weights = new float[outputs * inputs * kernel * kernel];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextDouble(-1, 1);
    }
    DirectConv2d conv = DirectConv2d.forward(g, weights);
    int outH = g.outH(height);
    int outW = g.outW(width);
    BlockedTensor x =
        BlockedTensor.zeros(2, inputs, height, width, conv.halo(height, width, outH, outW));
    fill(x, random);
    BlockedTensor residual = BlockedTensor.zeros(2, outputs, outH, outW, Halo.NONE);
    fill(residual, random);
    float[] bias = new float[Lanes.padded(outputs)];
    Arrays.fill(bias, 0, outputs, 0.25f);
    Epilogue epilogue = new Epilogue(bias, residual, true);

    BlockedTensor sums = BlockedTensor.zeros(2, outputs, outH, outW, Halo.NONE);
    conv.run(x, sums, epilogue, new Scratch(), Threads.shared());
    BlockedTensor longSums = BlockedTensor.zeros(2, outputs, outH, outW, Halo.NONE);
    conv.inLongSums().run(x, longSums, epilogue, new Scratch(), Threads.shared());

    double norm = 0;
    double difference = 0;
    for (int i = 0; i < sums.data.length; i++) {
      norm += Math.pow(sums.data[i], 2);
      difference += Math.pow(sums.data[i] - longSums.data[i], 2);
    }
    assertThat(norm).isPositive();
    assertThat(Math.sqrt(difference / norm)).isLessThan(1e-6);
  }

  private static void fill(BlockedTensor x, SplittableRandom random) {
    for (int n = 0; n < x.batch; n++) {
      for (int c = 0; c < x.channels; c++) {
        for (int h = 0; h < x.height; h++) {
          for (int w = 0; w < x.width; w++) {
            x.data[x.offset(n, c / x.block, h, w) + c % x.block] = (float) random.nextDouble(-1, 1);
          }
        }
      }
    }
  }
}
