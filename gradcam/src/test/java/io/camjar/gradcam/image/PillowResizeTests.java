package io.camjar.gradcam.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Against Pillow 9.4, bit for bit; resize.py wrote the expectations. */
class PillowResizeTests {
  static List<String> golden() {
    return HashedImage.lines("/resize/resize.txt");
  }

  @ParameterizedTest
  @MethodSource("golden")
  void givesPillowsBits(String line) {
    String[] field = line.split(" ");
    int[] size = IntStream.range(0, 4).map(i -> Integer.parseInt(field[i])).toArray();
    double[] box = IntStream.range(5, 9).mapToDouble(i -> Double.parseDouble(field[i])).toArray();

    RgbImage resized =
        PillowResize.resize(
            HashedImage.of(size[0], size[1]),
            size[2],
            size[3],
            Resample.valueOf(field[4]),
            new Box(box[0], box[1], box[2], box[3]));

    assertThat(HashedImage.sha256(resized.toBytes())).isEqualTo(field[9]);
  }

  @ParameterizedTest
  @EnumSource(Resample.class)
  void windowIsACropOfTheWhole(Resample filter) {
    RgbImage image = HashedImage.of(50, 41);
    Box box = new Box(1.5, 2, 49, 40.25);

    RgbImage window = PillowResize.window(image, 33, 70, filter, box, 5, 11, 20, 30);

    assertThat(window)
        .isEqualTo(PillowResize.resize(image, 33, 70, filter, box).crop(5, 11, 20, 30));
  }

  @Test
  void aBoxOutsideTheImageIsRefused() {
    RgbImage image = HashedImage.of(10, 10);

    assertThatThrownBy(() -> PillowResize.resize(image, 5, 5, Resample.BOX, new Box(0, 0, 11, 10)))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("inside the image of 10 x 10");
    assertThatThrownBy(() -> PillowResize.resize(image, 5, 5, Resample.BOX, new Box(4, 0, 4, 10)))
        .isInstanceOf(ImageException.class);
  }

  @Test
  void anEmptyTargetIsRefused() {
    assertThatThrownBy(() -> PillowResize.resize(HashedImage.of(4, 4), 0, 5, Resample.BILINEAR))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("0 x 5");
  }
}
