package io.camjar.gradcam.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.camjar.weights.container.preparation.Preparation;
import io.camjar.weights.container.preparation.PreparationStep;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Against torchvision 0.14, and fastai's, timm's and transformers' formulas; see steps.py. */
class FramerTests {
  static List<String> golden() {
    return HashedImage.lines("/resize/steps.txt");
  }

  @ParameterizedTest
  @MethodSource("golden")
  void givesTheReferencesSamples(String line) {
    String[] field = line.split("\\|");
    RgbImage image = HashedImage.of(Integer.parseInt(field[1]), Integer.parseInt(field[2]));

    Framer.Framed framed = Framer.frame(image, steps(field[0]));

    assertThat(framed.height()).isEqualTo(Integer.parseInt(field[3]));
    assertThat(framed.width()).isEqualTo(Integer.parseInt(field[4]));
    String[] expected = field[5].split(" ");
    if (expected.length == 1) {
      assertThat(HashedImage.sha256(interleaved(framed))).isEqualTo(expected[0]);
      return;
    }
    int step = Integer.parseInt(expected[0]);
    for (int i = 1; i < expected.length; i++) {
      // The position is rounded to float32, and hashed noise changes by 1 from pixel to pixel.
      assertThat(framed.planes()[(i - 1) * step])
          .isCloseTo(Float.parseFloat(expected[i]), within(1e-4f));
    }
  }

  /** A sample that is painted on the original is found where the region says that it lies. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "crop_to 60 40 bilinear",
        "pad_to 64 64 bilinear constant",
        "pad_to 40 90 bilinear reflect",
        "resize 64 48 bilinear",
        "resize_short 80 bilinear; center_crop 64 64 even",
        "resize_inside 64 64 bilinear; center_crop 60 60 even",
        "pad 10 20 30 40 constant; resize 100 80 bilinear",
        "crop_to 90 90 bilinear; sample 45 45 centres",
        "center_crop 300 60 floor constant",
        "fastai1 64 64 pad constant",
        "fastai1 64 48 squish reflect",
        "fastai1 50 50 crop reflect"
      })
  void theRegionIsWhereTheSamplesCameFrom(String text) {
    int width = 160;
    int height = 120;
    byte[] rgb = new byte[width * height * 3];
    for (int y = 56; y < 72; y++) {
      for (int x = 72; x < 96; x++) {
        rgb[(y * width + x) * 3] = (byte) 255;
      }
    }

    Framer.Framed framed = Framer.frame(RgbImage.of(width, height, rgb), steps(text));

    double sum = 0;
    double sumX = 0;
    double sumY = 0;
    for (int y = 0; y < framed.height(); y++) {
      for (int x = 0; x < framed.width(); x++) {
        float red = framed.planes()[y * framed.width() + x];
        sum += red;
        sumX += red * (x + 0.5);
        sumY += red * (y + 0.5);
      }
    }
    Box region = framed.region();
    double x = region.left() + sumX / sum * region.width() / framed.width();
    double y = region.top() + sumY / sum * region.height() / framed.height();
    // fastai 1's corners coincide, so that its cells are a little wider than the region has them.
    assertThat(x).isCloseTo(84, within(1.0));
    assertThat(y).isCloseTo(64, within(1.0));
  }

  @Test
  void paddingReachesBeyondTheImage() {
    Box region =
        Framer.frame(HashedImage.of(200, 100), steps("pad_to 64 64 bilinear edge")).region();

    assertThat(region).isEqualTo(new Box(0, -50, 200, 150));
  }

  private static List<PreparationStep> steps(String text) {
    List<PreparationStep> steps = Preparation.parseSteps(text);
    assertThat(steps).as(text).isNotEmpty();
    return steps;
  }

  private static byte[] interleaved(Framer.Framed framed) {
    int plane = framed.height() * framed.width();
    byte[] rgb = new byte[3 * plane];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) Math.round(255 * framed.planes()[i % 3 * plane + i / 3]);
    }
    return rgb;
  }
}
