package io.camjar.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BatchLossTests {

  @Test
  void evenScoresCostTheLogarithmOfTheClasses() {
    BatchLoss loss = BatchLoss.of(new float[] {3, 3, 3, 3}, 4);

    assertThat(loss.mean()).isCloseTo(Math.log(4), within(1e-12));
    assertThat(loss.gradient()).containsExactly(-0.75f, 0.25f, 0.25f, 0.25f);
  }

  @Test
  void theGradientIsTheSlopeOfTheLoss() {
    float[] logits = {1, -2, 0.5f, 100, 101, 99};
    float[] gradient = BatchLoss.of(logits, 3).gradient();
    for (int i = 0; i < logits.length; i++) {
      float[] more = logits.clone();
      float[] less = logits.clone();
      more[i] += 0.01f;
      less[i] -= 0.01f;
      double slope =
          (BatchLoss.of(more, 3).mean() - BatchLoss.of(less, 3).mean()) / (more[i] - less[i]);

      assertThat((double) gradient[i]).isCloseTo(slope, within(1e-4));
    }
  }
}
