package io.camjar.engine.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Stochastic depth zeroes whole images, as {@code torchvision.ops.stochastic_depth(x, p, "row")}
 * does: {@code noise = bernoulli(1 - p)} of shape {@code [N, 1, 1, 1]}, divided by {@code 1 - p}.
 */
class StochasticDepthTests {
  private static final int IMAGES = 2000;
  private static final int EACH = 12;

  @Test
  void zeroesImagesAsAWholeAndScalesTheOthers() {
    double[] mask = mask(0.2, 1);
    int zeros = 0;
    for (int n = 0; n < IMAGES; n++) {
      double[] image = Arrays.copyOfRange(mask, n * EACH, (n + 1) * EACH);
      assertThat(image).containsOnly(image[0]);
      assertThat(image[0]).isIn(0.0, 1.25);
      zeros += image[0] == 0 ? 1 : 0;
    }
    assertThat(zeros).isBetween(340, 460); // 400, with three deviations of 18
  }

  @Test
  void followsFromTheSeed() {
    assertThat(mask(0.2, 1)).isEqualTo(mask(0.2, 1)).isNotEqualTo(mask(0.2, 2));
  }

  @Test
  void evaluatingItIsTheIdentity() {
    assertThat(Dropout.ofRows(0.2).isIdentity(false)).isTrue();
    assertThat(Dropout.ofRows(0.2).isIdentity(true)).isFalse();
    assertThat(Dropout.ofRows(0.2).kind()).isEqualTo("StochasticDepth");
  }

  private static double[] mask(double p, long seed) {
    return Dropout.ofRows(p).mask(IMAGES, (long) IMAGES * EACH, new SplittableRandom(seed));
  }
}
