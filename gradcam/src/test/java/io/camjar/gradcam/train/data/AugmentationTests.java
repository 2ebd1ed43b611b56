package io.camjar.gradcam.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.camjar.gradcam.image.RgbImage;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AugmentationTests {
  private static final float[] ZERO = {0, 0, 0};
  private static final float[] ONE = {1 / 255f, 1 / 255f, 1 / 255f};

  @Test
  void nothingLeavesAnImageOfItsSizeAsItIs() {
    RgbImage image = image(16);
    float[] values = new float[3 * 256];
    Augmentation.NONE.sample(image, 16, ZERO, ONE, new SplittableRandom(1), values, 0);
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < 256; i++) {
        assertThat(values[c * 256 + i]).isEqualTo(image.sample(i % 16, i / 16, c), within(2e-3f));
      }
    }
  }

  @Test
  void aFlipMirrorsRows() {
    RgbImage image = image(16);
    float[] values = new float[3 * 256];
    Augmentation flip = new Augmentation(1, 1, 1, 0, 0, 0, 0);
    flip.sample(image, 16, ZERO, ONE, new SplittableRandom(1), values, 0);
    for (int i = 0; i < 256; i++) {
      assertThat(values[i]).isEqualTo(image.sample(15 - i % 16, i / 16, 0), within(2e-3f));
    }
  }

  @Test
  void brightnessScalesAndSaturationKeepsGray() {
    RgbImage image = RgbImage.of(2, 2, repeated(40, 100, 160));
    float[] values = new float[12];
    Augmentation brighter = new Augmentation(1, 1, 0, 0, 0.5, 0, 0);
    brighter.sample(image, 2, ZERO, ONE, new SplittableRandom(9), values, 0);
    assertThat(Math.abs(values[0] - 40)).isGreaterThan(1);
    assertThat(values[4] / values[0]).isEqualTo(2.5f, within(1e-3f));
    Augmentation coloured = new Augmentation(1, 1, 0, 0, 0, 0, 0.5);
    coloured.sample(image, 2, ZERO, ONE, new SplittableRandom(9), values, 0);
    float gray = 0.299f * values[0] + 0.587f * values[4] + 0.114f * values[8];
    assertThat(gray).isEqualTo(0.299f * 40 + 0.587f * 100 + 0.114f * 160, within(0.01f));
    assertThat(Math.abs(values[0] - 40)).isGreaterThan(1);
  }

  @Test
  void oneSeedGivesTheSameValues() {
    RgbImage image = image(40);
    float[] first = new float[3 * 256];
    float[] again = new float[3 * 256];
    float[] other = new float[3 * 256];
    Augmentation.USUAL.sample(image, 16, ZERO, ONE, new SplittableRandom(4), first, 0);
    Augmentation.USUAL.sample(image, 16, ZERO, ONE, new SplittableRandom(4), again, 0);
    Augmentation.USUAL.sample(image, 16, ZERO, ONE, new SplittableRandom(5), other, 0);
    assertThat(again).isEqualTo(first).isNotEqualTo(other);
  }

  private static byte[] repeated(int red, int green, int blue) {
    byte[] rgb = new byte[12];
    for (int i = 0; i < 12; i += 3) {
      rgb[i] = (byte) red;
      rgb[i + 1] = (byte) green;
      rgb[i + 2] = (byte) blue;
    }
    return rgb;
  }

  private static RgbImage image(int side) {
    byte[] rgb = new byte[3 * side * side];
    new Random(1).nextBytes(rgb);
    return RgbImage.of(side, side, rgb);
  }
}
