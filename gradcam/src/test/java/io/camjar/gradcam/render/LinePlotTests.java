package io.camjar.gradcam.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.LinePlot.Line;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinePlotTests {

  @ParameterizedTest
  @CsvSource({"5, 1", "5.1, 2", "896, 200", "64, 20", "12.5, 2.5", "0.3, 0.1", "0, 1", "NaN, 1"})
  void fiveRoundStepsHoldTheLargestValue(double max, double step) {
    assertThat(LinePlot.step(max)).isCloseTo(step, Offset.offset(1e-9));
  }

  @Test
  void everyLineHasAColorOfItsOwn() {
    Line rising = new Line("rising", new double[] {0, 1}, new double[] {0, 1});
    Line falling = new Line("falling", new double[] {0, 1}, new double[] {1, 0});

    RgbImage one = new LinePlot("title", "x", "y", List.of(rising)).draw();
    RgbImage two = new LinePlot("title", "x", "y", List.of(rising, falling)).draw();

    assertThat(count(one, 0x1f, 0x5f, 0xa8)).isPositive();
    assertThat(count(one, 0xd0, 0x62, 0x2b)).isZero();
    assertThat(count(two, 0xd0, 0x62, 0x2b)).isPositive();
  }

  @Test
  void aLineLeadsThroughItsPoints() {
    // One point in the middle of both axes: 0.5 of 1.
    Line line = new Line("", new double[] {0.5, 1}, new double[] {0.5, 1});
    RgbImage image = new LinePlot("", "", "", List.of(line)).draw();
    int x = 78 + (720 - 78 - 24) / 2;
    int y = 420 - 62 - (420 - 74 - 62) / 2;

    assertThat(image.sample(x, y, 0)).isEqualTo(0x1f);
    assertThat(image.sample(x, y, 2)).isEqualTo(0xa8);
  }

  @Test
  void unequalLengthsAndNoLinesAreRefused() {
    assertThatThrownBy(() -> new Line("a", new double[] {1, 2}, new double[] {1}))
        .hasMessageContaining("2 places and 1 heights");
    assertThatThrownBy(() -> new LinePlot("", "", "", List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static int count(RgbImage image, int red, int green, int blue) {
    int count = 0;
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        if (image.sample(x, y, 0) == red
            && image.sample(x, y, 1) == green
            && image.sample(x, y, 2) == blue) {
          count++;
        }
      }
    }
    return count;
  }
}
