package io.camjar.gradcam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.Decision.By;
import io.camjar.gradcam.target.Outputs;
import io.camjar.gradcam.target.Score;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What logits are taken for: PyTorch 1.13's softmax, sigmoid and losses gave the numbers. */
class ReadoutTests {
  private static final Labels THREE = Labels.of(List.of("edema", "nodule", "mass"));
  private static final float[] LOGITS = {2, 1.5f, -3};

  @Test
  void classesAreAContestUnlessSomethingElseIsKnown() {
    Readout readout = Readout.of(THREE);

    assertThat(readout.outputs()).isEqualTo(Outputs.SOFTMAX);
    assertThat(readout.outputsDecision().by()).isEqualTo(By.ASSUMED);
    assertThat(shares(readout, LOGITS)).containsExactly(0.61986, 0.375964, 0.004177);
    assertThat(readout.loss(LOGITS, 1)).isCloseTo(0.978261, within(1e-5));
  }

  @Test
  void severalLabelsEachHaveAShareOfTheirOwn() {
    Readout readout = reading(THREE, Outputs.SIGMOID);

    assertThat(readout.severalLabels()).isTrue();
    assertThat(shares(readout, LOGITS)).containsExactly(0.880797, 0.817574, 0.047426);
    assertThat(readout.loss(LOGITS, 2)).isCloseTo(3.048587, within(1e-5));
    assertThat(readout.predicted(LOGITS).target().label()).isEqualTo("edema");
  }

  @Test
  void rawOutputsHaveNoShares() {
    Readout readout = reading(THREE, Outputs.RAW);

    assertThat(readout.predicted(LOGITS).probability()).isNaN();
    assertThat(readout.loss(LOGITS, 0)).isNaN();
    assertThat(readout.figure(LOGITS, 2, 2)).isEqualTo("-3.00");
    assertThat(readout.measured(2).value(LOGITS)).isEqualTo(-3);
    assertThatThrownBy(() -> readout.share(0))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("no probabilities");
  }

  @Test
  void aSingleOutputIsASigmoidAndNeverASoftmax() {
    Readout readout = Readout.of(Labels.unnamed(1));

    assertThat(readout.outputsDecision().by()).isEqualTo(By.NETWORK);
    assertThat(shares(readout, -2)).containsExactly(0.119203);
    assertThatThrownBy(() -> reading(Labels.unnamed(1), Outputs.SOFTMAX))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("is 1 whatever it sees");
  }

  @Test
  void twoNamesOfASingleOutputAreItsTwoSides() {
    Readout readout = Readout.of(Labels.sides("normal", "pneumonia"));
    float[] logit = {-2};

    assertThat(readout.ranked(logit))
        .extracting(p -> p.target().index(), p -> p.target().label(), Prediction::logit)
        .containsExactly(tuple(0, "normal", 2f), tuple(1, "pneumonia", -2f));
    assertThat(shares(readout, logit)).containsExactly(0.880797, 0.119203);
    assertThat(readout.loss(logit, 1)).isCloseTo(2.126928, within(1e-5));
    assertThat(readout.logit(0).gradient(logit)).containsExactly(-1);
    assertThat(readout.logit(1).gradient(logit)).containsExactly(1);
    assertThat(readout.difference(0, 1).value(logit)).isEqualTo(4);
    assertThat(readout.predicted(new float[] {0}).target().label()).isEqualTo("pneumonia");
  }

  @Test
  void theGradientOfASigmoidIsItsSlope() {
    Score share = reading(THREE, Outputs.SIGMOID).share(1);
    float step = 0x1p-9f;
    float[] up = {2, 1.5f + step, -3};
    float[] down = {2, 1.5f - step, -3};

    float[] gradient = share.gradient(LOGITS);

    assertThat((double) gradient[1])
        .isCloseTo((share.value(up) - share.value(down)) / (2 * step), within(1e-4));
    assertThat(gradient[0]).isZero();
    assertThat(gradient[2]).isZero();
  }

  @Test
  void namesThatDoNotFitAreRefused() {
    Decision<Labels> three = new Decision<>(THREE, By.OPTION, "given");
    Decision<Labels> one = new Decision<>(Labels.unnamed(1), By.OPTION, "given");

    assertThatThrownBy(() -> Readout.of(Labels.unnamed(1)).with(three))
        .hasMessageContaining("3 labels for a model of one output; give one label a class, or two");
    assertThatThrownBy(() -> Readout.of(Labels.unnamed(5)).with(three))
        .hasMessageContaining("there are 3 labels for a model of 5 classes");
    assertThatThrownBy(() -> Readout.of(Labels.unnamed(5)).with(one))
        .hasMessageContaining("there is 1 label for a model of 5 classes");
  }

  private static Readout reading(Labels labels, Outputs outputs) {
    return Readout.of(labels).reading(new Decision<>(outputs, By.OPTION, "asked for"));
  }

  /** To six digits. */
  private static double[] shares(Readout readout, float... logits) {
    return Arrays.stream(readout.shares(logits))
        .map(share -> Math.round(share * 1e6) / 1e6)
        .toArray();
  }
}
