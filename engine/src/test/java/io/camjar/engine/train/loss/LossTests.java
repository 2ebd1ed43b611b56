package io.camjar.engine.train.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.CamjarException;
import io.camjar.engine.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses and their gradients are PyTorch's, also for a logit of 120. */
class LossTests {
  private static final Golden GOLDEN = Golden.read("training/losses");
  private static final double[] WEIGHTS = {0.5, 2, 1.25, 0.75};

  @ParameterizedTest
  @ValueSource(
      strings = {"plain", "smoothed", "weighted", "both", "shares", "shares-both", "bce", "mse"})
  void lossAndGradientArePyTorchs(String name) {
    float[] logits = GOLDEN.values("logits");
    float[] gradient = new float[logits.length];
    double found = loss(name).of(logits, targets(name), gradient);
    float expected = GOLDEN.values(name + "/loss")[0];
    assertThat(found).isCloseTo(expected, within(1e-6 * Math.max(1, expected)));
    float[] expectedGradient = GOLDEN.values(name + "/gradient");
    for (int i = 0; i < gradient.length; i++) {
      assertThat(gradient[i]).isCloseTo(expectedGradient[i], within(1e-6f));
    }
  }

  @Test
  void targetsThatDoNotFitAreRefused() {
    float[] logits = new float[8];
    CrossEntropy loss = CrossEntropy.plain();
    assertThatThrownBy(() -> loss.of(logits, new Targets.Classes(new int[] {0, 4}), new float[8]))
        .isInstanceOf(CamjarException.class)
        .hasMessage("there is no class 4, the network has 4");
    assertThatThrownBy(() -> loss.of(logits, new Targets.Classes(new int[3]), new float[8]))
        .isInstanceOf(CamjarException.class)
        .hasMessage("8 logits do not belong to a batch of 3 targets");
    CrossEntropy weighted = loss.withWeights(1, 2);
    assertThatThrownBy(() -> weighted.of(logits, new Targets.Classes(new int[2]), new float[8]))
        .isInstanceOf(CamjarException.class)
        .hasMessage("there are 2 weights of classes for 4 classes");
  }

  private static Loss loss(String name) {
    return switch (name) {
      case "smoothed" -> CrossEntropy.smoothed(0.1);
      case "weighted" -> CrossEntropy.plain().withWeights(WEIGHTS);
      case "both", "shares-both" -> CrossEntropy.smoothed(0.15).withWeights(WEIGHTS);
      case "bce" -> new BinaryCrossEntropy();
      case "mse" -> new MeanSquaredError();
      default -> CrossEntropy.plain();
    };
  }

  private static Targets targets(String name) {
    return switch (name) {
      case "bce" -> new Targets.Values(GOLDEN.values("labels"), 4);
      case "mse", "shares", "shares-both" -> new Targets.Values(GOLDEN.values("shares"), 4);
      default -> new Targets.Classes(new int[] {0, 3, 1, 1, 2, 0});
    };
  }
}
