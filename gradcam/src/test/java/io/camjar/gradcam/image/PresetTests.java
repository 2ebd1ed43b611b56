package io.camjar.gradcam.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.UnknownNameException;
import io.camjar.weights.container.preparation.Preparation;
import io.camjar.weights.container.preparation.PreparationStep;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Against torchvision 0.14 and fastai's formulas on Pillow and PyTorch; see resize.py. */
class PresetTests {
  static List<String> golden() {
    return HashedImage.lines("/resize/presets.txt");
  }

  static List<String> fastai1() {
    return HashedImage.lines("/resize/fastai1.txt");
  }

  @ParameterizedTest
  @MethodSource("golden")
  void givesTheReferencesBits(String line) {
    String[] field = line.split(" ");
    RgbImage image = HashedImage.of(Integer.parseInt(field[1]), Integer.parseInt(field[2]));

    Preprocessed input = Preset.named(field[0]).withSize(Integer.parseInt(field[3])).apply(image);

    ByteBuffer bytes =
        ByteBuffer.allocate(input.values().length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(input.values());
    assertThat(HashedImage.sha256(bytes.array())).isEqualTo(field[4]);
  }

  @ParameterizedTest
  @MethodSource("fastai1")
  void fastai1AgreesWithGridSample(String line) {
    String[] field = line.split(" ");
    RgbImage image = HashedImage.of(Integer.parseInt(field[0]), Integer.parseInt(field[1]));
    int step = Integer.parseInt(field[3]);

    float[] values =
        Preset.named("fastai1").withSize(Integer.parseInt(field[2])).apply(image).values();

    for (int i = 4; i < field.length; i++) {
      // Noise changes by up to 4.4 from pixel to pixel, and the position is rounded to float32.
      assertThat(values[(i - 4) * step]).isCloseTo(Float.parseFloat(field[i]), within(3e-4f));
    }
  }

  @Test
  void saysWhichPartOfTheImageTheNetworkSees() {
    RgbImage image = HashedImage.of(500, 375);

    assertThat(Preset.named("fastai2-squish").apply(image).region())
        .isEqualTo(new Box(0, 0, 500, 375));
    assertThat(Preset.named("fastai2-crop").apply(image).region())
        .isEqualTo(new Box(62, 0, 437, 375));
    // 256 x 256, of which the middle 224 are an eighth less.
    assertThat(Preset.named("fastai2-randomresizedcrop").apply(image).region())
        .isEqualTo(new Box(31.25, 23.4375, 468.75, 351.5625));
    // 500 x 375 becomes 341 x 256; round(58.5) is 58, half to even.
    Box seen = Preset.named("torchvision").apply(image).region();
    assertThat(seen.left()).isCloseTo(58 * 500 / 341.0, within(1e-9));
    assertThat(seen.right()).isCloseTo((58 + 224) * 500 / 341.0, within(1e-9));
    assertThat(seen.top()).isCloseTo(16 * 375 / 256.0, within(1e-9));
    assertThat(seen.bottom()).isCloseTo(240 * 375 / 256.0, within(1e-9));
  }

  @Test
  void aSideOfItsOwnForHeightAndWidth() {
    Preprocessed input =
        Preset.named("torchvision").withSize(64, 96).apply(HashedImage.of(200, 100));

    assertThat(input.height()).isEqualTo(64);
    assertThat(input.width()).isEqualTo(96);
    try (INDArray array = input.toINDArray()) {
      assertThat(array.shape()).containsExactly(1, 3, 64, 96);
      assertThat(array.getFloat(0, 2, 63, 95)).isEqualTo(input.values()[3 * 64 * 96 - 1]);
    }
  }

  @Test
  void aVeryLongImageCostsOnlyWhatIsSeenOfIt() {
    RgbImage strip = RgbImage.of(2, 200_000, new byte[1_200_000]);

    for (String name : Preset.names()) {
      Preset preset = Preset.named(name);
      if (name.startsWith("fastai2-pad")) {
        // fastai pads before it resizes: to 200,000 x 200,000 pixels.
        assertThatThrownBy(() -> preset.apply(strip))
            .isInstanceOf(ImageException.class)
            .hasMessageContaining("200000 x 200000")
            .hasMessageContaining("squishes");
      } else {
        assertThat(preset.apply(strip).values()).hasSize(3 * 224 * 224);
      }
    }
  }

  @Test
  void oneChannelIsGrayAndAveragesTheNormalisation() {
    RgbImage white = RgbImage.of(4, 4, filled(48, 255));

    Preprocessed input = Preset.named("torchvision").withChannels(1).withSize(2).apply(white);

    assertThat(input.channels()).isEqualTo(1);
    assertThat(input.values()).hasSize(4).containsOnly((1 - 0.449f) / 0.226f);
  }

  @Test
  void ownNormalisation() {
    RgbImage white = RgbImage.of(4, 4, filled(48, 255));

    Preprocessed input =
        Preset.custom(2, 0.875, Resample.LANCZOS)
            .withNormalisation(new float[] {0.5f, 0, 1}, new float[] {0.25f, 0.5f, 1})
            .apply(white);

    assertThat(input.values()).containsExactly(2, 2, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0);
  }

  @Test
  void aFilesStepsThatEndWithTheSizeSayItOnce() {
    Preset torchvision = Preset.named("torchvision").withSize(32);
    Preparation known = torchvision.preparation("args");
    List<PreparationStep> steps = new ArrayList<>(known.steps());
    steps.set(0, Preset.named("timm").withSize(48).steps().get(0));
    Preparation own =
        new Preparation("args", steps, known.size(), known.normalization(), known.notFollowed());

    assertThat(torchvision.following(own).describe())
        .isEqualTo(
            "images are prepared as short side to 50 (bicubic), then middle 32 x 32, mean"
                + " 0.485,0.456,0.406, std 0.229,0.224,0.225 (from the file, args)");
  }

  @Test
  void mistakesAreNamed() {
    Preset preset = Preset.named("torchvision");

    assertThatThrownBy(() -> Preset.named("fastai2-sqiush"))
        .isInstanceOf(UnknownNameException.class)
        .hasMessageContaining("did you mean fastai2-squish?");
    assertThatThrownBy(() -> Preset.named("keras"))
        .hasMessageContaining("there are ")
        .hasMessageNotContaining("did you mean");
    assertThatThrownBy(() -> preset.withSize(0)).isInstanceOf(ImageException.class);
    assertThatThrownBy(() -> preset.withChannels(4).apply(HashedImage.of(8, 8)))
        .hasMessageContaining("takes 4 channels")
        .hasMessageContaining("--input-npy");
    assertThatThrownBy(() -> preset.withNormalisation(new float[3], new float[3]))
        .hasMessageContaining("std 0 is not above 0");
    float[] bytes = {124, 116, 104};
    float[] units = {0.229f, 0.224f, 0.225f};
    assertThatThrownBy(() -> preset.withNormalisation(bytes, units))
        .hasMessageContaining("mean 124,116,104 is for samples of 0 to 255")
        .hasMessageContaining("give --mean 0.486275,0.454902,0.407843");
    assertThatThrownBy(() -> preset.withNormalisation(units, new float[] {58, 57, 57}))
        .hasMessageContaining("std 58,57,57 for samples of 0 to 255")
        .hasMessageContaining("give --std 0.227451,0.223529,0.223529");
    assertThatThrownBy(() -> Preset.named("raw255").withNormalisation(bytes, units))
        .hasMessageContaining("give --std 58.395,57.12,57.375");
    assertThatThrownBy(() -> preset.withNormalisation(new float[2], new float[] {1, 1, 1}))
        .hasMessageContaining("mean has 2 values and std has 3");
    assertThatThrownBy(() -> Preset.custom(224, 1.5, Resample.BICUBIC)).hasMessageContaining("1.5");
  }

  private static byte[] filled(int length, int value) {
    byte[] out = new byte[length];
    Arrays.fill(out, (byte) value);
    return out;
  }
}
