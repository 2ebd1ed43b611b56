package io.camjar.gradcam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.target.Score;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a target explains: which classes, and which score of each. */
class TargetTests {
  private static final Readout CLASSES = Readout.of(Labels.of(List.of("ant", "bee", "cat")));
  private static final float[] LOGITS = {1, 3, 2};

  @Test
  void topClassesComeLikeliestFirstWithTheirLogits() {
    List<Explained> explained = Target.top(2).explained(LOGITS, CLASSES);

    assertThat(explained).extracting(one -> one.label().label()).containsExactly("bee", "cat");
    assertThat(explained).extracting(one -> one.score().value(LOGITS)).containsExactly(3.0, 2.0);
  }

  @Test
  void aProbabilityIsTheSameClassesShare() {
    Explained explained = only(Target.probability(Target.named("BEE")));

    assertThat(explained.label()).isEqualTo(new ClassLabel(1, "p(bee)"));
    assertThat(explained.score().value(LOGITS)).isCloseTo(0.66524, within(1e-5));
  }

  @Test
  void againstAnotherClassCountsTheDifference() {
    Explained explained = only(Target.against(Target.index(2), Target.named("ant")));

    assertThat(explained.label()).isEqualTo(new ClassLabel(2, "cat against ant"));
    assertThat(explained.score().value(LOGITS)).isEqualTo(1);
  }

  @Test
  void aSingleOutputHasTwoClasses() {
    Readout single = Readout.of(Labels.unnamed(1));
    float[] logit = {0.5f};

    assertThat(Target.binary(true).explained(logit, single).get(0).score().value(logit))
        .isEqualTo(0.5);
    Explained negative = Target.binary(false).explained(logit, single).get(0);
    assertThat(negative.label().display()).isEqualTo("negative");
    assertThat(negative.score().value(logit)).isEqualTo(-0.5);
  }

  @Test
  void aProbabilityWithoutAnySlopeIsRefused() {
    float[] certain = {200, 0, 0};

    assertThatThrownBy(() -> Target.probability(Target.top1()).explained(certain, CLASSES))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("gradient of the probability of ant is 0");
  }

  @Test
  void theRunnerUpIsWhatTopTwoIsComparedWith() {
    Target against = Target.against(Target.top(3), Target.top(2));

    assertThat(against.explained(LOGITS, CLASSES))
        .extracting(one -> one.label().label())
        .containsExactly("bee against cat", "ant against cat");
  }

  @Test
  void anyScoreHasANameAndAClassItIsFiledUnder() {
    Score sum = Score.of(y -> y[0] + y[1], y -> new float[] {1, 1, 0});

    Explained explained = only(Target.score("insects", 0, sum));

    assertThat(explained.label()).isEqualTo(new ClassLabel(0, "insects"));
    assertThat(explained.score().value(LOGITS)).isEqualTo(4);
  }

  @Test
  void classesThatAreNotThereAreRefusedBeforeAnyArithmetic() {
    for (Target wrong :
        List.of(
            Target.probability(Target.index(3)),
            Target.against(Target.index(0), Target.index(7)),
            Target.against(Target.named("dog"), Target.index(0)),
            Target.score("s", 9, Score.logit(0)))) {
      assertThatThrownBy(() -> wrong.check(CLASSES)).isInstanceOf(CamjarException.class);
    }
  }

  private static Explained only(Target target) {
    return target.explained(LOGITS, CLASSES).get(0);
  }
}
