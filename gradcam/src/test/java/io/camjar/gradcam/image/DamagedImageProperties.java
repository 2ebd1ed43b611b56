package io.camjar.gradcam.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the bytes, an image comes out or a sentence. */
class DamagedImageProperties {
  private static final List<String> NAMES =
      List.of(
          "ycc420.jpg",
          "progressive.jpg",
          "cmyk.jpg",
          "exif6.jpg",
          "rgb.png",
          "palette.png",
          "gray16.png",
          "palette.gif",
          "offset.gif",
          "palette.bmp",
          "rgba.bmp",
          "lzw.tif",
          "jpeg.tif",
          "fax.tif",
          "lossless.webp",
          "lossy.webp");

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.of(NAMES);
  }

  @Property(tries = 1000, seed = "20261")
  void damageEndsInAnImageOrASentence(
      @ForAll("names") String name, @ForAll List<Integer> places, @ForAll byte value) {
    byte[] file = ImagesTests.picture(name);
    for (int place : places) {
      file[Math.floorMod(place, file.length)] = value;
    }

    try {
      RgbImage image = ImagesTests.read(file);
      assertThat(image.toBytes()).hasSize(image.width() * image.height() * 3);
    } catch (ImageException e) {
      assertThat(e.getMessage()).startsWith("picture ").endsWith(".").doesNotContain("\n");
    }
  }
}
