package io.camjar.gradcam.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.gradcam.image.HashedImage;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.RgbImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

class GifTests {
  /** Sizes beyond 4096 codes, where the table starts anew, and around each growth of the codes. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 15, 16, 17, 31, 45, 64, 90, 128, 300})
  void noiseInFewColoursReadsBackExactly(int side) {
    byte[] rgb = new byte[side * side * 3];
    RgbImage noise = HashedImage.of(side, side);
    for (int i = 0; i < side * side; i++) {
      // 64 colours in the middles of the histogram's cells, far apart next to the dithering.
      for (int c = 0; c < 3; c++) {
        rgb[3 * i + c] = (byte) (noise.sample(i % side, i / side, c) / 64 * 64 + 36);
      }
    }
    RgbImage image = RgbImage.of(side, side, rgb);

    assertThat(decode(Gif.encode(List.of(image), List.of(10)))).isEqualTo(image);
  }

  @Test
  void manyColoursStayClose() {
    byte[] rgb = new byte[256 * 256 * 3];
    for (int i = 0; i < 256 * 256; i++) {
      rgb[3 * i] = (byte) (i % 256);
      rgb[3 * i + 1] = (byte) (i / 256);
      rgb[3 * i + 2] = (byte) 128;
    }

    RgbImage read = decode(Gif.encode(List.of(RgbImage.of(256, 256, rgb)), List.of(10)));

    byte[] back = read.toBytes();
    long sum = 0;
    for (int i = 0; i < rgb.length; i++) {
      int off = Math.abs((back[i] & 0xff) - (rgb[i] & 0xff));
      assertThat(off).isLessThan(24);
      sum += off;
    }
    assertThat((double) sum / rgb.length).isLessThan(5);
  }

  @Test
  void everyFrameCoversTheLastOneForItsOwnTime() throws IOException {
    List<RgbImage> frames = List.of(flat(0x24), flat(0x64), flat(0xa4));
    byte[] gif = Gif.encode(frames, List.of(55, 55, 300));

    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(gif))) {
      reader.setInput(in);
      List<String> delays = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Element image =
            (Element) reader.getImageMetadata(i).getAsTree("javax_imageio_gif_image_1.0");
        Element control = (Element) image.getElementsByTagName("GraphicControlExtension").item(0);
        Element place = (Element) image.getElementsByTagName("ImageDescriptor").item(0);
        delays.add(control.getAttribute("delayTime"));
        assertThat(control.getAttribute("transparentColorFlag")).isEqualTo("FALSE");
        assertThat(place.getAttribute("interlaceFlag")).isEqualTo("FALSE");
        assertThat(reader.read(i).getRGB(4, 3) & 0xffffff)
            .isEqualTo(frames.get(i).sample(4, 3, 0) * 0x010101);
      }
      assertThat(delays).containsExactly("55", "55", "300");
      assertThat(reader.getNumImages(true)).isEqualTo(3);
    }
  }

  private static RgbImage flat(int grey) {
    byte[] rgb = new byte[9 * 7 * 3];
    Arrays.fill(rgb, (byte) grey);
    return RgbImage.of(9, 7, rgb);
  }

  private static RgbImage decode(byte[] gif) {
    return Images.read(new ByteArrayInputStream(gif), "encoded");
  }
}
