package io.camjar.gradcam.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.CamjarException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScoreTests {
  private static final float[] LOGITS = {1.5f, -0.25f, 0.75f, 3, -2, 1.25f};
  private static final float STEP = 0x1p-9f;

  static List<Score> scores() {
    return List.of(
        Score.logit(2),
        Score.probability(2),
        Score.probability(3),
        Score.difference(0, 3),
        new FinerDifference(1, List.of(2, 0), 0.6),
        FinerDifference.nearest(3, LOGITS),
        Score.of(y -> y[0] * y[1], y -> new float[] {y[1], y[0], 0, 0, 0, 0}));
  }

  @ParameterizedTest
  @MethodSource("scores")
  void theGradientIsTheSlope(Score score) {
    float[] gradient = score.gradient(LOGITS);

    for (int j = 0; j < LOGITS.length; j++) {
      assertThat((double) gradient[j]).as("logit %d", j).isCloseTo(slope(score, j), within(1e-4));
    }
  }

  @Test
  void theSlopeNoticesAWrongGradient() {
    Score wrong = Score.of(y -> y[0] * y[0], y -> new float[] {y[0], 0, 0, 0, 0, 0});

    assertThat(slope(wrong, 0)).isCloseTo(3, within(1e-4));
    assertThat(wrong.gradient(LOGITS)[0]).isEqualTo(1.5f);
  }

  @Test
  void aBinaryOutputCountsForOneClassAndAgainstTheOther() {
    float[] only = {0.75f};

    assertThat(Score.binary(true).value(only)).isEqualTo(0.75);
    assertThat(Score.binary(false).value(only)).isEqualTo(-0.75);
    assertThat(Score.binary(true).gradient(only)).containsExactly(1);
    assertThat(Score.binary(false).gradient(only)).containsExactly(-1);
    assertThatThrownBy(() -> Score.binary(true).value(LOGITS))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("this one has 6");
  }

  @Test
  void theSlopeOfACertainProbabilityIsNotLost() {
    float[] certain = {60, 0};

    // exp(-60) / (1 + exp(-60))^2
    assertThat((double) Score.probability(0).gradient(certain)[0])
        .isCloseTo(8.7565e-27, within(1e-30));
    assertThat((double) new SigmoidScore(Score.logit(0)).gradient(certain)[0])
        .isCloseTo(8.7565e-27, within(1e-30));
  }

  @Test
  void theNearestClassesAreThoseOfTheNearestLogits() {
    assertThat(FinerDifference.nearest(0, LOGITS).others()).containsExactly(5, 2, 3);
    assertThat(FinerDifference.nearest(0, new float[] {1, 4}).others()).containsExactly(1);
    assertThatThrownBy(() -> FinerDifference.nearest(0, new float[1]))
        .isInstanceOf(CamjarException.class);
  }

  @Test
  void aGradientOfTheWrongLengthIsRefused() {
    Score wrong = Score.of(y -> y[0], y -> new float[] {1});

    assertThatThrownBy(() -> wrong.gradient(LOGITS))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("1 values, expected one a logit, 6");
  }

  @Test
  void softmaxNeitherOverflowsNorForgetsSmallShares() {
    assertThat(ClassProbabilities.of(new float[] {1000, 999})[0])
        .isCloseTo(0.7310586, within(1e-7));
    assertThat(ClassProbabilities.of(LOGITS))
        .satisfies(shares -> assertThat(sum(shares)).isEqualTo(1));
  }

  private static double slope(Score score, int j) {
    float[] up = LOGITS.clone();
    float[] down = LOGITS.clone();
    up[j] += STEP;
    down[j] -= STEP;
    return (score.value(up) - score.value(down)) / (2 * STEP);
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return Math.round(sum * 1e12) / 1e12;
  }
}
