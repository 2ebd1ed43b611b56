package io.camjar.benchmarks.lime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LimeTests {
  private static final int SIDE = 32;

  /** A bright square, of one part's size, before black. */
  private static float[] square() {
    float[] image = new float[3 * SIDE * SIDE];
    for (int i = 0; i < image.length; i++) {
      int y = i % (SIDE * SIDE) / SIDE;
      int x = i % SIDE;
      image[i] = y >= 8 && y < 16 && x >= 16 && x < 24 ? 2 : 0;
    }
    return image;
  }

  @Test
  void partsFollowTheEdgesOfColours() {
    Superpixels parts = Superpixels.of(square(), SIDE, SIDE, 8);

    assertThat(parts.count()).isEqualTo(16);
    int inside = parts.of()[12 * SIDE + 20];
    int[] pixels =
        IntStream.range(0, SIDE * SIDE).filter(pixel -> parts.of()[pixel] == inside).toArray();
    assertThat(pixels).hasSize(64).startsWith(8 * SIDE + 16).endsWith(15 * SIDE + 23);
    assertThat(parts.flat(square())).isEqualTo(square());
  }

  /** Of a score that is a sum over parts, whose weights it must find but for the ridge. */
  @Test
  void theWeightsOfALinearScoreAreFound() {
    int[] of = IntStream.range(0, SIDE * SIDE).map(pixel -> pixel % SIDE / 8).toArray();
    Superpixels stripes = new Superpixels(of, 4);
    double[] expected = {3, -2, 0, 5};
    float[] image = new float[3 * SIDE * SIDE];
    for (int i = 0; i < image.length; i++) {
      image[i] = i % 8 == 0 ? 1 : 0;
    }

    // The first column of each stripe is 1 where the stripe is shown, and 1/8 where it is not.
    double[] weights =
        new Lime(2_000)
            .weights(
                image,
                stripes,
                inputs ->
                    inputs.stream()
                        .mapToDouble(
                            input ->
                                IntStream.range(0, 4)
                                    .mapToDouble(k -> input[8 * k] > 0.5 ? expected[k] : 0)
                                    .sum())
                        .toArray());

    for (int k = 0; k < 4; k++) {
      assertThat(weights[k]).as(Arrays.toString(weights)).isCloseTo(expected[k], within(0.05));
    }
  }
}
