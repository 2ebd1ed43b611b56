package io.camjar.gradcam.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Labels;
import io.camjar.gradcam.Prediction;
import io.camjar.gradcam.dataset.Change.Kind;
import io.camjar.gradcam.render.ScaledMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ComparisonTests {
  private static final Labels NAMED = Labels.of(List.of("church", "French horn"));

  private static Change change(
      String name, @Nullable ClassLabel actual, ClassLabel answer, double share, ScaledMap second) {
    ImageMap first = Maps.church(name, actual, Maps.spot(1, 1));
    boolean same = answer.equals(Maps.CHURCH);
    return new Change(
        first,
        new Prediction(answer, 1, 0.7),
        same,
        share,
        Maps.church(name, actual, second),
        actual == null ? null : answer.equals(actual),
        MapGrid.moved(first.map(), second));
  }

  private static final Comparison FOUR =
      new Comparison(
          List.of(
              change("same", Maps.CHURCH, Maps.CHURCH, 0.8, Maps.spot(1, 1)),
              change("moved", Maps.CHURCH, Maps.CHURCH, 0.6, Maps.spot(5, 5)),
              change("fixed", Maps.HORN, Maps.HORN, 0.2, Maps.spot(1, 2)),
              change("broken", Maps.CHURCH, Maps.HORN, 0.1, ScaledMap.zero())));

  @Test
  void answersAreCountedByWhatBecameOfThem() {
    assertThat(FOUR.kinds())
        .containsEntry(Kind.SAME, 2)
        .containsEntry(Kind.FIXED, 1)
        .containsEntry(Kind.BROKEN, 1)
        .containsEntry(Kind.OTHER, 0);
    assertThat(FOUR.changed()).isEqualTo(2);
    assertThat(FOUR.firstRight()).isEqualTo(3);
    assertThat(FOUR.secondRight()).isEqualTo(3);
  }

  @Test
  void otherAnswersComeFirstThenTheLargestChange() {
    assertThat(FOUR.byAnswer(3).stream().map(Change::image))
        .containsExactly("broken", "fixed", "moved");
  }

  @Test
  void ofEqualAnswersThoseWhoseEvidenceMovedComeFirst() {
    assertThat(FOUR.byMap(9).stream().map(Change::image)).containsExactly("moved", "same");
  }

  @Test
  void mapsWithoutEvidenceDoNotCountInTheMean() {
    double near = MapGrid.moved(Maps.spot(1, 1), Maps.spot(1, 2));

    assertThat(FOUR.meanMoved()).isCloseTo((0 + 1 + near) / 3, within(1e-6));
  }

  @Test
  void withoutKnownClassesNothingIsRightOrFixed() {
    Comparison one = new Comparison(List.of(change("a", null, Maps.HORN, 0.1, Maps.spot(1, 1))));

    assertThat(one.firstRight()).isNull();
    assertThat(one.kinds()).containsEntry(Kind.OTHER, 1);
  }

  @Test
  void classesAreMatchedByNameInWhateverOrder() {
    ClassMatch match = ClassMatch.of(NAMED, Labels.of(List.of("French Horn", "church")));

    assertThat(match.inSecond(NAMED.at(0)).index()).isEqualTo(1);
    assertThat(match.inSecond(NAMED.at(1)).index()).isZero();
  }

  @Test
  void classesWithoutNamesAreMatchedByIndex() {
    assertThat(ClassMatch.of(NAMED, Labels.unnamed(2)).inSecond(NAMED.at(1)).index()).isEqualTo(1);
  }

  @Test
  void otherClassesCannotBeCompared() {
    assertThatThrownBy(() -> ClassMatch.of(NAMED, Labels.of(List.of("church", "tench"))))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("French horn");
    assertThatThrownBy(() -> ClassMatch.of(NAMED, Labels.unnamed(3)))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("2 classes and the second 3");
  }
}
