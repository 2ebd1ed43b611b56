package io.camjar.gradcam.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.image.HashedImage;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.RgbImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PngTests {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"2, 2", "37, 23", "300, 200", "2, 500"})
  void readsBackAsItWas(int width, int height) {
    RgbImage noise = HashedImage.of(width, height);
    RgbImage smooth = smooth(width, height);

    assertThat(decode(Png.encode(noise))).isEqualTo(noise);
    assertThat(decode(Png.encode(smooth))).isEqualTo(smooth);
    assertThat(decode(Png.encode(noise.gray()))).isEqualTo(noise.gray());
  }

  @Test
  void grayIsStoredAsGray() {
    assertThat(Png.encode(HashedImage.of(9, 9).gray())[25]).as("colour type").isZero();
    assertThat(Png.encode(HashedImage.of(9, 9))[25]).as("colour type").isEqualTo((byte) 2);
  }

  @Test
  void smoothImagesBecomeSmall() {
    assertThat(Png.encode(smooth(300, 200)).length).isLessThan(300 * 200 * 3 / 20);
  }

  @Test
  void writesWholeFilesIntoNewFolders() throws IOException {
    Path file = folder.resolve("new/folder/picture.png");

    Png.write(HashedImage.of(5, 5), file);
    Png.write(HashedImage.of(6, 6), file);

    assertThat(Images.read(file)).isEqualTo(HashedImage.of(6, 6));
    try (Stream<Path> left = Files.list(file.getParent())) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void anUnwritableFileIsNamedAndNothingIsLeft() throws IOException {
    Path file = Files.createDirectories(folder.resolve("taken/inside")).getParent();

    assertThatThrownBy(() -> Png.write(HashedImage.of(5, 5), file))
        .isInstanceOf(CamjarException.class)
        .hasMessageStartingWith(file + " could not be written");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
  }

  private static RgbImage smooth(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i / 3 % width + i / 3 / width * (i % 3));
    }
    return RgbImage.of(width, height, rgb);
  }

  private static RgbImage decode(byte[] file) {
    return Images.read(new ByteArrayInputStream(file), "encoded");
  }
}
