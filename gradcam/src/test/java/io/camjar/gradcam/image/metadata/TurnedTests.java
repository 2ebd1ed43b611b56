package io.camjar.gradcam.image.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.gradcam.image.DecodedImage;
import io.camjar.gradcam.image.HashedImage;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.image.decode.ReadOptions;
import java.io.ByteArrayInputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Wherever a file says which way is up, it is believed; turned.py wrote the files. */
class TurnedTests {
  private static final int WIDTH = 5;
  private static final int HEIGHT = 3;

  static List<String> files() {
    return HashedImage.lines("/turned/expected.txt");
  }

  private static DecodedImage read(String name, ReadOptions options) {
    byte[] file = HashedImage.resource("/turned/" + name);
    return Images.read(new ByteArrayInputStream(file), name, options);
  }

  @ParameterizedTest
  @MethodSource("files")
  void isTurnedUpright(String line) {
    String name = line.split(" ")[0];
    int value = Integer.parseInt(line.split(" ")[1]);

    DecodedImage decoded = read(name, ReadOptions.STANDARD);

    assertThat(decoded.decoding().orientation()).isEqualTo(value);
    assertThat(decoded.decoding().turned()).isEqualTo(value != 1);
    RgbImage image = decoded.image();
    assertThat(image.width()).isEqualTo(value > 4 ? HEIGHT : WIDTH);
    // Red grows with the stored column, green with the stored row: EXIF's table says where to.
    boolean columnsFlipped = value == 2 || value == 3 || value == 7 || value == 8;
    boolean rowsFlipped = value == 3 || value == 4 || value == 6 || value == 7;
    int lastX = image.width() - 1;
    int lastY = image.height() - 1;
    int red = image.sample(value > 4 ? 0 : lastX, value > 4 ? lastY : 0, 0) - image.sample(0, 0, 0);
    int green =
        image.sample(value > 4 ? lastX : 0, value > 4 ? 0 : lastY, 1) - image.sample(0, 0, 1);
    assertThat(red < 0).as("columns").isEqualTo(columnsFlipped);
    assertThat(green < 0).as("rows").isEqualTo(rowsFlipped);
  }

  @ParameterizedTest
  @MethodSource("files")
  void orLeftAsItIsStored(String line) {
    String name = line.split(" ")[0];

    DecodedImage decoded = read(name, ReadOptions.STANDARD.withOrient(false));

    // Pillow itself turns TIFF images, before any loader sees them.
    boolean tiff = name.endsWith(".tif");
    assertThat(decoded.decoding().turned()).isEqualTo(tiff);
    assertThat(decoded.image().width()).isEqualTo(tiff ? HEIGHT : WIDTH);
  }

  @Test
  void saysWhereItStood() {
    assertThat(read("both.webp", ReadOptions.STANDARD).decoding().orientationFrom())
        .isEqualTo("EXIF");
    assertThat(read("xmp.jpg", ReadOptions.STANDARD).decoding().orientationFrom()).isEqualTo("XMP");
    assertThat(read("tag.tif", ReadOptions.STANDARD).decoding().orientationFrom())
        .isEqualTo("TIFF");
    assertThat(read("nine.png", ReadOptions.STANDARD).decoding().orientationFrom())
        .isEqualTo("none");
  }
}
