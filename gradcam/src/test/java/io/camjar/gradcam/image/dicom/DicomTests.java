package io.camjar.gradcam.image.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.camjar.gradcam.image.DecodedImage;
import io.camjar.gradcam.image.HashedImage;
import io.camjar.gradcam.image.ImageException;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.image.decode.ReadOptions;
import io.camjar.gradcam.image.samples.SampleRange;
import io.camjar.gradcam.image.samples.SampleWindow;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the formulas of PS3.3, as dicom.py has them next to pydicom's; it wrote the files. */
class DicomTests {
  static List<String> golden() {
    return HashedImage.lines("/dicom/expected.txt");
  }

  private static byte[] file(String name) {
    return HashedImage.resource("/dicom/" + name);
  }

  private static DecodedImage read(byte[] file, ReadOptions options) {
    return Images.read(new ByteArrayInputStream(file), "scan", options);
  }

  private static DecodedImage read(String name) {
    return read(file(name), ReadOptions.STANDARD);
  }

  @ParameterizedTest
  @MethodSource("golden")
  void showsWhatTheStandardSays(String line) {
    String[] field = line.split(" ");

    RgbImage image = read(field[0]).image();

    assertThat(image.width()).isEqualTo(Integer.parseInt(field[1]));
    assertThat(image.height()).isEqualTo(Integer.parseInt(field[2]));
    assertThat(HashedImage.sha256(image.toBytes())).isEqualTo(field[3]);
  }

  /**
   * Baseline JPEG of quality 95; colours as the photometric interpretation says, not by markers.
   */
  @ParameterizedTest
  @CsvSource({"baseline.dcm, eight.dcm", "baseline-rgb.dcm, rgb.dcm", "baseline-ybr.dcm, rgb.dcm"})
  void readsLossyFrames(String lossy, String original) {
    byte[] actual = read(lossy).image().toBytes();
    byte[] expected = read(original).image().toBytes();

    double sum = 0;
    for (int i = 0; i < expected.length; i++) {
      sum += Math.abs((actual[i] & 0xff) - (expected[i] & 0xff));
    }
    assertThat(sum / expected.length).isLessThan(6);
  }

  /** PS3.5, 8.1.1: nothing may be assumed of the bits above a sample, neither zero nor its sign. */
  @ParameterizedTest
  @CsvSource({"1, 0x0000, 0", "1, 0xf000, 0", "1, 0x5000, 0", "0, 0x0000, 2048", "0, 0xa000, 2048"})
  void bitsThatAreNotTheSamplesCountForNothing(int signed, String above, int center) {
    ByteBuffer pixels = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 12; i++) {
      int sample = signed == 1 ? (i - 6) * 300 : i * 300;
      pixels.putShort((short) (sample & 0xfff | Integer.decode(above)));
    }
    DicomFile file =
        new DicomFile()
            .number(Tag.BITS_ALLOCATED, 16)
            .number(Tag.BITS_STORED, 12)
            .number(Tag.HIGH_BIT, 11)
            .number(Tag.PIXEL_REPRESENTATION, signed)
            .text(Tag.WINDOW_CENTER, "" + center)
            .text(Tag.WINDOW_WIDTH, "4096")
            .bytes(Tag.PIXELS, "OW", pixels.array());

    RgbImage image = read(file.write(), ReadOptions.STANDARD).image();

    for (int i = 0; i < 12; i++) {
      double lowest = center - 2048;
      double sample = signed == 1 ? (i - 6) * 300 : i * 300;
      assertThat((double) image.sample(i % 4, i / 4, 0))
          .isCloseTo((sample - lowest) / 4095 * 255, within(0.51));
    }
  }

  @Test
  void aWindowOfOnesOwnTakesThePlaceOfTheFiles() {
    ReadOptions asked = ReadOptions.STANDARD.withScale(SampleWindow.parse("1200,800"));

    assertThat(read(file("no-window.dcm"), asked).image()).isEqualTo(read("explicit.dcm").image());
    assertThat(read(file("sigmoid.dcm"), asked).image()).isEqualTo(read("explicit.dcm").image());
  }

  @Test
  void aRangeIsOfRescaledValues() {
    // Stored -1000 is -1600 after slope 1.5 and intercept -100.
    ReadOptions asked = ReadOptions.STANDARD.withScale(new SampleRange(-1600, 1400));

    assertThat(read(file("ct.dcm"), asked).image().sample(0, 0, 0)).isZero();
  }

  @Test
  void anotherFrameIsReadOnRequest() {
    RgbImage second = read(file("frames.dcm"), ReadOptions.STANDARD.withPage(2)).image();

    assertThat(second).isNotEqualTo(read("frames.dcm").image());
    for (String coded : List.of("lossless-frames.dcm", "rle-frames.dcm")) {
      assertThat(read(file(coded), ReadOptions.STANDARD.withPage(2)).image()).isEqualTo(second);
    }
    assertThatThrownBy(() -> read(file("frames.dcm"), ReadOptions.STANDARD.withPage(3)))
        .hasMessage(
            "scan has 2 frames, but number 3 was asked for; give --page a number from 1 to 2.");
  }

  @Test
  void saysWhatWasDone() {
    assertThat(read("ct.dcm").decoding().samples().describe())
        .isEqualTo(
            "signed 16-bit samples from -1600 to 4508, taken through the window of center 40 and"
                + " width 400 (linear) (the file says so)");
    assertThat(read("monochrome1.dcm").decoding().samples().inverted()).isTrue();
    assertThat(read("frames.dcm").decoding().notes())
        .containsExactly("has 2 frames, of which the first is read; --page N reads another");
    assertThat(read("no-window.dcm").decoding().notes())
        .singleElement()
        .asString()
        .startsWith("has no window, so its smallest value 0 is black");
  }

  @ParameterizedTest
  @CsvSource({"jpeg-ls.dcm, JPEG-LS", "extended-12.dcm, lossy JPEG of 12 bits"})
  void otherCodingsAreNamed(String name, String coding) {
    assertThatThrownBy(() -> read(name))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining(coding)
        .hasMessageContaining("decompress it first");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "explicit.dcm",
        "enhanced-implicit.dcm",
        "undefined-lengths.dcm",
        "deflated.dcm",
        "rle.dcm",
        "lossless.dcm",
        "baseline.dcm"
      })
  void cutOffAnywhereItIsRefusedInASentence(String name) {
    byte[] whole = file(name);
    // Behind the pixels of a compressed or deflated file come delimiters and padding.
    int last = name.equals("deflated.dcm") ? whole.length - 16 : whole.length - 1;

    for (int length = 0; length < last; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(cut, ReadOptions.STANDARD))
          .as("%d bytes", length)
          .isInstanceOf(ImageException.class)
          .hasMessageStartingWith("scan ")
          .hasMessageEndingWith(".");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"enhanced-implicit.dcm", "undefined-lengths.dcm", "rle.dcm", "lossless.dcm"})
  void damagedAnywhereItIsAnImageOrASentence(String name) {
    for (int value : new int[] {0xff, 0x00}) {
      byte[] file = file(name);
      for (int at = 128; at < file.length; at++) {
        byte kept = file[at];
        file[at] = (byte) value;
        try {
          RgbImage image = read(file, ReadOptions.STANDARD).image();
          assertThat(image.toBytes()).hasSize(image.width() * image.height() * 3);
        } catch (ImageException e) {
          assertThat(e.getMessage()).startsWith("scan ").endsWith(".").doesNotContain("\n");
        }
        file[at] = kept;
      }
    }
  }

  @Test
  void sequencesInSequencesEndSomewhere() {
    byte[] nested = new byte[132 + 16 * 1000];
    byte[] opened = {
      0x08,
      0,
      0x40,
      0x11,
      'S',
      'Q',
      0,
      0,
      -1,
      -1,
      -1,
      -1, // A sequence of undefined length
      -2,
      -1,
      0,
      (byte) 0xe0,
      -1,
      -1,
      -1,
      -1, // and an item of undefined length.
    };
    System.arraycopy(
        "DICM".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, nested, 128, 4);
    for (int at = 132; at + opened.length <= nested.length; at += opened.length) {
      System.arraycopy(opened, 0, nested, at, opened.length);
    }

    assertThatThrownBy(() -> read(nested, ReadOptions.STANDARD))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("nested more than 16 deep");
  }
}
