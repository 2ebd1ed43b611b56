package io.camjar.gradcam.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images of Java's, read as Pillow's {@code convert('RGB')} reads stored samples. */
class BufferedImageTests {

  private static int[] pixel(RgbImage image, int x, int y) {
    return new int[] {image.sample(x, y, 0), image.sample(x, y, 1), image.sample(x, y, 2)};
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_INT_ARGB,
        BufferedImage.TYPE_INT_ARGB_PRE,
        BufferedImage.TYPE_INT_BGR,
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_4BYTE_ABGR,
        BufferedImage.TYPE_4BYTE_ABGR_PRE
      })
  void coloursAreThoseOfThePixelsWhateverTheLayout(int type) {
    BufferedImage image = new BufferedImage(3, 2, type);
    image.setRGB(2, 1, 0xff0a64c8);

    RgbImage read = RgbImage.of(image);

    assertThat(read.width()).isEqualTo(3);
    assertThat(read.height()).isEqualTo(2);
    assertThat(pixel(read, 2, 1)).containsExactly(10, 100, 200);
    assertThat(pixel(read, 0, 0)).containsExactly(0, 0, 0);
  }

  @Test
  void alphaIsDroppedNotLaidOverBlack() {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x400a64c8);

    assertThat(pixel(RgbImage.of(image), 0, 0)).containsExactly(10, 100, 200);
  }

  @Test
  void coloursThatWereMultipliedByAlphaAreDividedByIt() {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_ARGB_PRE);
    image.setRGB(0, 0, 0x800a64c8);

    // 10, 100 and 200 times 128/255 were stored, in whole numbers.
    assertThat(pixel(RgbImage.of(image), 0, 0)).containsExactly(10, 100, 199);
  }

  @Test
  void grayIsWhatIsStoredNotWhatGetRgbBrightens() {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSample(1, 0, 0, 128);

    assertThat(image.getRGB(1, 0) & 0xff).isEqualTo(188);
    assertThat(pixel(RgbImage.of(image), 1, 0)).containsExactly(128, 128, 128);
  }

  @Test
  void sixteenBitsKeepTheirHighByte() {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setSample(0, 1, 0, 0xabcd);

    assertThat(pixel(RgbImage.of(image), 0, 1)).containsExactly(0xab, 0xab, 0xab);
  }

  @Test
  void aPaletteGivesItsColours() {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_INDEXED);
    image.setRGB(1, 1, 0xffff0000);

    assertThat(pixel(RgbImage.of(image), 1, 1)).containsExactly(255, 0, 0);
  }

  @Test
  void partOfAnImageIsThatPart() {
    BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
    image.setRGB(2, 1, 0x010203);

    RgbImage part = RgbImage.of(image.getSubimage(2, 1, 2, 2));

    assertThat(part.width()).isEqualTo(2);
    assertThat(pixel(part, 0, 0)).containsExactly(1, 2, 3);
  }

  @Test
  void floatsHaveNoKnownRange() {
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_GRAY), false, false, 1, DataBuffer.TYPE_FLOAT);
    WritableRaster raster = model.createCompatibleWritableRaster(2, 2);

    assertThatThrownBy(() -> RgbImage.of(new BufferedImage(model, raster, false, null)))
        .isInstanceOf(ImageException.class)
        .hasMessageStartingWith("The image ");
  }

  @Test
  void thereAndBackIsTheSameImage() {
    RgbImage image = RgbImage.of(2, 1, new byte[] {1, 2, 3, (byte) 200, (byte) 255, 0});

    assertThat(RgbImage.of(image.toBufferedImage())).isEqualTo(image);
    assertThat(image.toBufferedImage().getType()).isEqualTo(BufferedImage.TYPE_INT_RGB);
  }
}
