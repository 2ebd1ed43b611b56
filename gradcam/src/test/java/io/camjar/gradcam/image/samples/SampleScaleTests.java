package io.camjar.gradcam.image.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.gradcam.image.samples.SampleWindow.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The formulas of PS3.3, C.11.2.1.2 and C.11.2.1.3, at their ends and in the middle. */
class SampleScaleTests {
  @Test
  void aLinearWindowEndsOnPixelValues() {
    // Center 2048 and width 4096 take 0 to 4095, the standard's own example.
    SampleWindow window = SampleWindow.parse("2048,4096");

    assertThat(window.level(0)).isZero();
    assertThat(window.level(4095)).isEqualTo(255);
    assertThat(window.level(2047.5)).isEqualTo(128);
  }

  @Test
  void aWidthOfOneIsAThreshold() {
    SampleWindow window = SampleWindow.parse("100,1");

    assertThat(window.level(99)).isZero();
    assertThat(window.level(100)).isEqualTo(255);
  }

  @Test
  void theOtherFunctions() {
    SampleWindow exact = new SampleWindow(10, 4, Function.LINEAR_EXACT);
    SampleWindow sigmoid = new SampleWindow(10, 4, Function.SIGMOID);

    assertThat(exact.level(8)).isZero();
    assertThat(exact.level(11)).isEqualTo(191);
    assertThat(exact.level(12)).isEqualTo(255);
    assertThat(sigmoid.level(10)).isEqualTo(128);
    assertThat(sigmoid.level(14)).isEqualTo(250);
  }

  @Test
  void aRangeMayBeTurnedRound() {
    assertThat(SampleRange.parse("0,1").level(0.25)).isEqualTo(64);
    assertThat(SampleRange.parse("1, 0").level(0.25)).isEqualTo(191);
    assertThat(SampleRange.parse("0,1").level(Double.NaN)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "1,2,3", "a,b", "1,NaN", "5,5", "0,Infinity"})
  void whatIsNoRangeIsRefused(String text) {
    assertThatThrownBy(() -> SampleRange.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"40,0", "40,-1", "40,0.5", "40"})
  void whatIsNoWindowIsRefused(String text) {
    assertThatThrownBy(() -> SampleWindow.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
