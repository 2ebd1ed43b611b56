package io.camjar.engine.kernel.simd.conv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.Epilogue;
import io.camjar.engine.kernel.simd.Scratch;
import io.camjar.engine.threads.Threads;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Products of one image's features with a matrix: zeros among them change nothing but the time. */
class SparseLinearTests {
  private static final int OUTPUTS = 37;
  private static final int INPUTS = 1091;

  private final float[] weights = random(OUTPUTS * INPUTS);

  private static float[] random(int count) {
    SplittableRandom random = new SplittableRandom(count);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  private static float[] run(PackedConv2d product, float[] features, int outputs) {
    BlockedTensor x = BlockedTensor.zeros(1, features.length, 1, 1, BlockedTensor.Halo.NONE);
    for (int i = 0; i < features.length; i++) {
      x.data[x.offset(0, i / x.block, 0, 0) + i % x.block] = features[i];
    }
    BlockedTensor y = BlockedTensor.zeros(1, outputs, 1, 1, BlockedTensor.Halo.NONE);
    product.run(x, y, Epilogue.NOTHING, new Scratch(), Threads.shared());
    return y.values(0, Threads.shared());
  }

  @Test
  void oneFeatureAmongZerosIsTheLayersColumn() {
    float[] features = new float[INPUTS];
    features[1090] = 2;
    float[] y = run(SparseLinear.forward(weights, OUTPUTS, Threads.shared()), features, OUTPUTS);
    for (int o = 0; o < OUTPUTS; o++) {
      assertThat(y[o]).isEqualTo(2 * weights[o * INPUTS + 1090]);
    }
  }

  @Test
  void theGradientOfOneLogitIsTheLayersRow() {
    float[] dy = new float[OUTPUTS];
    dy[33] = -1;
    float[] dx = run(SparseLinear.backwardInput(weights, OUTPUTS), dy, INPUTS);
    for (int i = 0; i < INPUTS; i++) {
      assertThat(dx[i]).isEqualTo(-weights[33 * INPUTS + i]);
    }
  }

  @Test
  void sumsAreThoseInDoublePrecision() {
    float[] features = random(INPUTS);
    for (int i = 0; i < INPUTS; i += 3) {
      features[i] = 0;
    }
    float[] y = run(SparseLinear.forward(weights, OUTPUTS, Threads.shared()), features, OUTPUTS);
    for (int o = 0; o < OUTPUTS; o++) {
      double sum = 0;
      for (int i = 0; i < INPUTS; i++) {
        sum += (double) features[i] * weights[o * INPUTS + i];
      }
      assertThat(y[o]).isCloseTo((float) sum, within(2e-5f));
    }
  }

  /** Zero times infinity is no number, whoever leaves it out. */
  @Test
  void aWeightThatIsNoFiniteNumberIsSeenBehindAZeroToo() {
    weights[5 * INPUTS + 7] = Float.POSITIVE_INFINITY;
    float[] features = random(INPUTS);
    features[7] = 0;
    float[] y = run(SparseLinear.forward(weights, OUTPUTS, Threads.shared()), features, OUTPUTS);
    assertThat(y[5]).isNaN();
    assertThat(y[4]).isFinite();
  }
}
