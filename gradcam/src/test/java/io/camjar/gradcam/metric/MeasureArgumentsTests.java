package io.camjar.gradcam.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Zeros of both signs are one number, and what no measure can be made of is refused. */
class MeasureArgumentsTests {
  private static final float[] ZEROS_LAST = {3, -0.0f, 2, 0, -0.0f};
  private static final float[] SAME = {3, 0, 2, -0.0f, 0};

  @Test
  void zerosOfBothSignsHaveOneRank() {
    assertThat(Agreement.spearman(ZEROS_LAST, SAME)).isEqualTo(1);
    assertThat(Agreement.pearson(ZEROS_LAST, SAME)).isEqualTo(1);
    assertThat(Relevance.descending(ZEROS_LAST)).containsExactly(0, 2, 1, 3, 4);
    assertThat(Relevance.descending(SAME)).containsExactly(0, 2, 1, 3, 4);
  }

  @Test
  void aCorrelationWithWhatIsNotANumberIsNone() {
    float[] some = {3, Float.NaN, 2};
    float[] other = {1, 2, 3};
    assertThat(Agreement.spearman(some, other)).isNaN();
    assertThat(Agreement.spearman(other, some)).isNaN();
    assertThat(Agreement.pearson(some, other)).isNaN();
  }

  @Test
  void pixelsAreChangedInOneStepOrMore() {
    assertRefused(() -> new DeletionInsertion(0), "at least one step, found 0");
    assertRefused(() -> new DeletionInsertion(-1), "at least one step, found -1");
  }

  @Test
  void roadHasPercentiles() {
    assertRefused(Road::at, "at least one percentile");
    assertRefused(() -> Road.at(20, 101), "0 to 100, found 101");
    assertRefused(() -> Road.at(-1), "0 to 100, found -1");
    assertThat(Road.at(0, 100).percentiles()).containsExactly(0, 100);
  }

  /** Of smaller maps it would be the mean of no window. */
  @Test
  void aMapHasRoomForAWindow() {
    assertRefused(
        () -> StructuralSimilarity.of(new float[42], new float[42], 6, 7),
        "at least 7x7 values, found 6x7");
    assertThat(StructuralSimilarity.of(new float[49], new float[49], 7, 7)).isEqualTo(1);
  }

  private static void assertRefused(ThrowingCallable use, String why) {
    assertThatThrownBy(use).isInstanceOf(CamjarException.class).hasMessageContaining(why);
  }
}
