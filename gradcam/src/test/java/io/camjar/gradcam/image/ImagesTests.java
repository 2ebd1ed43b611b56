package io.camjar.gradcam.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.camjar.gradcam.render.Png;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against what Pillow 9.4 reads from the same files; images.py wrote both. */
class ImagesTests {
  @TempDir Path folder;

  static List<String> golden() {
    return HashedImage.lines("/pictures/expected.txt").stream()
        .filter(line -> !inexact().contains(line.substring(0, line.indexOf(' '))))
        .toList();
  }

  static List<String> inexact() {
    return List.of("lossy.webp", "ycc440.jpg");
  }

  static RgbImage read(byte[] file) {
    return Images.read(new ByteArrayInputStream(file), "picture");
  }

  static byte[] picture(String name) {
    return HashedImage.resource("/pictures/" + name);
  }

  @ParameterizedTest
  @MethodSource("golden")
  void readsWhatPillowReads(String line) {
    String[] field = line.split(" ");

    RgbImage image = read(picture(field[0]));

    assertThat(image.width()).isEqualTo(Integer.parseInt(field[1]));
    assertThat(image.height()).isEqualTo(Integer.parseInt(field[2]));
    assertThat(HashedImage.sha256(image.toBytes())).isEqualTo(field[3]);
  }

  /**
   * The WebP plugin repeats chroma samples where libwebp blends them, and so does, for the rare
   * 4:4:0 JPEG, the libjpeg 6b that most JDKs carry; the pattern's texture shows it most.
   */
  @ParameterizedTest
  @MethodSource("inexact")
  void chromaMayBeRepeatedWherePillowBlendsIt(String name) throws IOException {
    byte[] actual = read(picture(name)).toBytes();
    byte[] expected =
        new GZIPInputStream(new ByteArrayInputStream(picture(name + ".rgb.gz"))).readAllBytes();

    long sum = 0;
    for (int i = 0; i < expected.length; i++) {
      sum += Math.abs((actual[i] & 0xff) - (expected[i] & 0xff));
    }
    assertThat((double) sum / expected.length).isLessThan(6);
  }

  @Test
  void readsInterlacedPng() throws IOException {
    RgbImage image = HashedImage.of(19, 13);
    BufferedImage buffer = new BufferedImage(19, 13, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 13; y++) {
      for (int x = 0; x < 19; x++) {
        int rgb = image.sample(x, y, 0) << 16 | image.sample(x, y, 1) << 8 | image.sample(x, y, 2);
        buffer.setRGB(x, y, rgb);
      }
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(file)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(buffer, null, null), param);
    }
    assertThat(file.toByteArray()[28]).as("interlace method").isEqualTo((byte) 1);

    assertThat(read(file.toByteArray())).isEqualTo(image);
  }

  @Test
  void readsAFile() throws IOException {
    Path file = Files.write(folder.resolve("a picture.png"), picture("rgb.png"));

    assertThat(Images.read(file).width()).isEqualTo(37);
  }

  @Test
  void theNameSaysNothing() throws IOException {
    Path file = Files.write(folder.resolve("really-a-jpeg.png"), picture("gray.jpg"));

    assertThat(Images.read(file)).isEqualTo(read(picture("gray.jpg")));
  }

  @Test
  void aMissingFileIsNamed() {
    Path file = folder.resolve("nowhere.png");

    assertRefused(file, "There is no file " + file + "; check the path.");
  }

  @Test
  void aFolderIsNamed() {
    assertRefused(folder, folder + " is a folder, not an image; name the images inside it.");
  }

  @Test
  void anEmptyFileIsNamed() throws IOException {
    Path file = Files.createFile(folder.resolve("empty.png"));

    assertRefused(file, file + " is empty; save or download the image again.");
  }

  @Test
  void aTextIsNoImage() throws IOException {
    Path file = Files.writeString(folder.resolve("text.jpg"), "not an image\n");

    assertRefused(
        file,
        file
            + " is not an image that camjar knows;"
            + " give it a JPEG, PNG, GIF, BMP, TIFF, WebP or DICOM.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ycc420.jpg",
        "progressive.jpg",
        "cmyk.jpg",
        "rgb.png",
        "palette.gif",
        "rgb.bmp",
        "rgb.tif",
        "lossless.webp"
      })
  void aTruncatedImageIsRefused(String name) {
    byte[] file = picture(name);

    for (int share = 1; share < 10; share++) {
      byte[] cut = Arrays.copyOf(file, file.length * share / 10);
      assertThatThrownBy(() -> read(cut))
          .isInstanceOf(ImageException.class)
          .hasMessageStartingWith("picture ")
          .hasMessageEndingWith(".");
    }
  }

  /** In the header, too, and without the words in which Java speaks of an index or a cast. */
  @ParameterizedTest
  @ValueSource(
      strings = {"ycc420.jpg", "rgb.png", "palette.gif", "rgb.bmp", "rgb.tif", "lossless.webp"})
  void anImageOfAFewBytesIsRefusedInWordsOfItsOwn(String name) {
    byte[] file = picture(name);

    for (int length = 1; length < 64; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> read(cut))
          .isInstanceOf(ImageException.class)
          .extracting(Throwable::getMessage, STRING)
          .startsWith("picture ")
          .doesNotContain("out of bounds", "indexoutofbounds", "loader", "java.");
    }
  }

  @ParameterizedTest
  @CsvSource({"float.tif, floating-point, 0, 1", "int32.tif, signed 32-bit, 0, 70000"})
  void measurementsAreNoColours(String name, String kind, String low, String high) {
    byte[] file = picture(name);

    assertThatThrownBy(() -> read(file))
        .isInstanceOf(ImageException.class)
        .hasMessage(
            "picture has %s samples from %s to %s, and nothing says which values are black and"
                + " white; name the two, as in --range %s,%s.",
            kind, low, high, low, high);
  }

  /**
   * The reader takes them for other colours: 8 bits by up to 24 of 255, ICC's and 16 bits by 14.
   */
  @ParameterizedTest
  @ValueSource(ints = {8, 9, 10})
  void lightnessAndOpponentColoursAreNotGuessed(int photometric) {
    byte[] file = picture("rgb.tif");
    file[tag(file, 0x106)[0]] = (byte) photometric;

    assertThatThrownBy(() -> read(file))
        .isInstanceOf(ImageException.class)
        .hasMessage(
            "picture has L*a*b* colours, which camjar does not turn into red, green and blue; save"
                + " it as RGB.");
  }

  @Test
  void onePixelIsAnImage() throws IOException {
    byte[] file = Png.encode(RgbImage.of(1, 1, new byte[] {10, 20, 30}));
    assertThat(read(file).width()).isEqualTo(1);
  }

  @Test
  void aHugeHeaderIsRefusedBeforeMemoryIsTaken() {
    assertThatThrownBy(() -> read(png(20_000, 20_000)))
        .isInstanceOf(ImageException.class)
        .hasMessage(
            "picture says it is 20000 x 20000 pixels, more than the 100 million that camjar reads;"
                + " make it smaller first.");
    assertThatThrownBy(() -> read(png(0x7fffffff, 0x7fffffff))).isInstanceOf(ImageException.class);
    assertThatThrownBy(() -> read(png(-1, -1))).isInstanceOf(ImageException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gray.jpg", "palette.gif", "rgb.bmp", "rgb.tif", "lossy.webp"})
  void everyFormatsHeaderIsChecked(String name) {
    byte[] file = hugeHeader(name, picture(name));

    assertThatThrownBy(() -> read(file))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("more than the 100 million");
  }

  /** Writes a width and height of at least 16,383 over those in the header. */
  private static byte[] hugeHeader(String name, byte[] file) {
    int[] bytes =
        switch (name.substring(name.indexOf('.') + 1)) {
          case "jpg" -> range(indexOf(file, 0xff, 0xc0) + 5, 4);
          case "gif" -> concat(range(6, 4), range(indexOf(file, 0x2c, 0, 0, 0, 0) + 5, 4));
          case "bmp" -> concat(range(18, 2), range(22, 2));
          case "tif" -> concat(tag(file, 0x100), tag(file, 0x101));
          default -> range(26, 4);
        };
    for (int at : bytes) {
      file[at] = (byte) 0xff;
    }
    return file;
  }

  private static int[] tag(byte[] tiff, int tag) {
    int at = indexOf(tiff, tag & 0xff, tag >> 8);
    return range(at + 8, 2);
  }

  private static int indexOf(byte[] file, int... wanted) {
    for (int at = 0; at <= file.length - wanted.length; at++) {
      int matched = 0;
      while (matched < wanted.length && (file[at + matched] & 0xff) == wanted[matched]) {
        matched++;
      }
      if (matched == wanted.length) {
        return at;
      }
    }
    throw new AssertionError("not found");
  }

  private static int[] range(int from, int count) {
    return java.util.stream.IntStream.range(from, from + count).toArray();
  }

  private static int[] concat(int[] first, int[] second) {
    return java.util.stream.IntStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
  }

  private static void assertRefused(Path file, String message) {
    assertThatThrownBy(() -> Images.read(file))
        .isInstanceOf(ImageException.class)
        .hasMessage(message);
  }

  /** A PNG with a header and nothing to fill it. */
  private static byte[] png(int width, int height) {
    byte[] head = {
      'I', 'H', 'D', 'R', 0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0,
    };
    ByteBuffer.wrap(head).putInt(4, width).putInt(8, height);
    CRC32 crc = new CRC32();
    crc.update(head);
    return ByteBuffer.allocate(33)
        .put("\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1))
        .putInt(13)
        .put(head)
        .putInt((int) crc.getValue())
        .array();
  }
}
