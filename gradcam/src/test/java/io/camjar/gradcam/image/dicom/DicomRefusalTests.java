package io.camjar.gradcam.image.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.camjar.gradcam.image.ImageException;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.image.decode.ReadOptions;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no image that camjar reads is refused in a sentence that says what was found. */
class DicomRefusalTests {
  private static final int[] PALETTE = {16, 0, 16};

  private static RgbImage read(byte[] file) {
    return Images.read(new ByteArrayInputStream(file), "scan", ReadOptions.STANDARD).image();
  }

  private static void refused(DicomFile file, String sentence) {
    assertThatThrownBy(() -> read(file.write()))
        .isInstanceOf(ImageException.class)
        .hasMessage("scan " + sentence + ".");
  }

  private static String strange(String what) {
    return "looks like DICOM but is damaged or of a kind camjar does not read ("
        + what
        + "); save it again as PNG";
  }

  private static DicomFile file() {
    return new DicomFile();
  }

  private static DicomFile three() {
    return file().number(Tag.SAMPLES_PER_PIXEL, 3).bytes(Tag.PIXELS, "OB", new byte[36]);
  }

  @Test
  void whatTheTableChangesIsReadOtherwise() {
    assertThat(first(read(file().write()), 4)).containsExactly(0, 1, 2, 3);
    assertThat(first(read(palette().write()), 2)).containsExactly(0, 16);
  }

  private static int[] first(RgbImage image, int count) {
    return java.util.stream.IntStream.range(0, count).map(x -> image.sample(x, 0, 0)).toArray();
  }

  @ParameterizedTest
  @CsvSource({
    ".4.80, JPEG-LS, 'decompress it first, as with dcmdjpls'",
    ".4.81, JPEG-LS, 'decompress it first, as with dcmdjpls'",
    ".4.90, JPEG 2000, 'decompress it first, as with gdcmconv --raw'",
    ".4.91, JPEG 2000, 'decompress it first, as with gdcmconv --raw'",
    ".4.94, JPIP, 'fetch it with its pixels, which are on a server'",
    ".4.102, MPEG video, save one of its frames as PNG",
    ".4.107, HEVC video, save one of its frames as PNG",
    ".4.110, JPEG XL, save it without compression in the program that it comes from",
    ".4.201, High-Throughput JPEG 2000, save it without compression in the program that it comes"
        + " from"
  })
  void compressionsThatAreNotReadAreNamed(String end, String name, String remedy) {
    refused(
        file().syntax(end).fragments(new byte[] {1, 2}),
        "holds DICOM pixels in %s (transfer syntax 1.2.840.10008.1.2%s), which camjar does not read; %s"
            .formatted(name, end, remedy));
  }

  @Test
  void transferSyntaxesThatNobodyKnowsAreGivenByNumber() {
    String remedy = "save it without compression in the program that it comes from";
    refused(
        file().syntax(".4.999"),
        "holds DICOM pixels in the transfer syntax 1.2.840.10008.1.2.4.999, which camjar does not"
            + " read; "
            + remedy);
    refused(
        file().syntax(".1\nx"),
        "holds DICOM pixels in the transfer syntax of a damaged name, which camjar does not read; "
            + remedy);
  }

  static Stream<Arguments> missing() {
    return Stream.of(
        arguments(Tag.ROWS, "it has no Rows (0028,0010)"),
        arguments(Tag.COLUMNS, "it has no Columns (0028,0011)"),
        arguments(Tag.BITS_ALLOCATED, "it has no BitsAllocated (0028,0100)"),
        arguments(Tag.PHOTOMETRIC, "it has no PhotometricInterpretation (0028,0004)"));
  }

  @ParameterizedTest
  @MethodSource("missing")
  void whatAnImageCannotDoWithoutIsNamed(int tag, String what) {
    refused(file().without(tag), strange(what));
  }

  @Test
  void ofWideSamplesItMustBeKnownWhetherTheyAreSigned() {
    DicomFile wide =
        file()
            .number(Tag.BITS_ALLOCATED, 16)
            .number(Tag.BITS_STORED, 16)
            .number(Tag.HIGH_BIT, 15)
            .bytes(Tag.PIXELS, "OW", new byte[24]);
    assertThat(read(wide.write()).width()).isEqualTo(4);

    refused(
        wide.without(Tag.PIXEL_REPRESENTATION),
        strange(
            "it has no PixelRepresentation (0028,0103), which tells whether samples are signed"));
  }

  @Test
  void aFileWithoutPixelsIsNoImage() {
    refused(
        file().without(Tag.PIXELS),
        "is a DICOM file without pixels; name one that holds an image, not a report or index");
    for (int tag : new int[] {Tag.FLOAT_PIXELS, Tag.DOUBLE_PIXELS}) {
      refused(
          file().without(Tag.PIXELS).bytes(tag, "OF", new byte[96]),
          "holds floating-point DICOM pixels, which camjar does not read; save the image as a TIFF"
              + " and name its --range");
    }
    refused(
        file().number(Tag.BITS_ALLOCATED, 1).number(Tag.BITS_STORED, 1).number(Tag.HIGH_BIT, 0),
        "is a DICOM mask of one bit a pixel, which camjar does not read; name the image that it"
            + " belongs to");
  }

  static Stream<Arguments> shapes() {
    return Stream.of(
        arguments(file().number(Tag.SAMPLES_PER_PIXEL, 2), "it has 2 samples a pixel"),
        arguments(file().number(Tag.SAMPLES_PER_PIXEL, 4), "it has 4 samples a pixel"),
        arguments(three(), "it has gray of 3 samples a pixel"),
        arguments(file().text(Tag.PHOTOMETRIC, "RGB"), "it has colours of one sample a pixel"),
        arguments(file().number(Tag.BITS_ALLOCATED, 12), "it allocates 12 bits"),
        arguments(file().number(Tag.BITS_ALLOCATED, 64), "it allocates 64 bits"),
        arguments(file().number(Tag.BITS_STORED, 9), "it stores 9 bits up to bit 7 of 8"),
        arguments(file().number(Tag.BITS_STORED, 0), "it stores 0 bits up to bit 7 of 8"),
        arguments(file().number(Tag.HIGH_BIT, 8), "it stores 8 bits up to bit 8 of 8"),
        arguments(
            three().text(Tag.PHOTOMETRIC, "YBR_FULL_422").number(Tag.COLUMNS, 3),
            "its shared chroma does not fit its width"));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void shapesThatAreNoneAreNamed(DicomFile file, String what) {
    refused(file, strange(what));
  }

  @ParameterizedTest
  @ValueSource(strings = {"HSV", "CMYK", "YBR_PARTIAL_420"})
  void coloursThatAreNotReadAreNamed(String kind) {
    refused(
        three().text(Tag.PHOTOMETRIC, kind),
        "holds DICOM pixels of the kind '%s', which camjar does not read; convert them to RGB first"
            .formatted(kind));
  }

  static Stream<Arguments> lengths() {
    return Stream.of(
        arguments(
            file().bytes(Tag.PIXELS, "OB", new byte[10]),
            "its pixels have 10 bytes, and 4 x 3 of 8 bits take 12"),
        arguments(
            file().bytes(Tag.PIXELS, "OB"), "its pixels have 0 bytes, and 4 x 3 of 8 bits take 12"),
        arguments(
            file().number(Tag.ROWS, 9), "its pixels have 12 bytes, and 4 x 9 of 8 bits take 36"),
        arguments(file().syntax(".5").bytes(Tag.PIXELS, "OB"), "its pixels are empty"),
        arguments(
            file().fragments(new byte[12]), "its pixels come in fragments, but are not compressed"),
        arguments(file().syntax(".5").fragments(), "there are no compressed pixels"),
        arguments(
            file().claiming(Tag.VOI_LUT, "SQ", 8, new byte[8]),
            "(0000,0000) stands where an item should"),
        arguments(
            file().claiming(Tag.VOI_LUT, "SQ", 0xffffffffL),
            "PixelData (7fe0,0010) stands where an item should"));
  }

  @ParameterizedTest
  @MethodSource("lengths")
  void lengthsThatDoNotFitAreNamed(DicomFile file, String what) {
    refused(file, strange(what));
  }

  @Test
  void whatEndsBeforeItsLengthIsCutShort() {
    String sentence = "is cut short: its DICOM data ends early; save or download the image again";
    refused(file().claiming(Tag.PIXELS, "OB", 1000, new byte[12]), sentence);
    byte[] whole = file().syntax(".5").fragments(new byte[70]).write();
    assertThatThrownBy(() -> read(Arrays.copyOf(whole, whole.length - 20)))
        .hasMessage("scan " + sentence + ".");
  }

  @Test
  void aFrameThatThePixelsDoNotHoldIsNamed() {
    byte[] two = file().text(Tag.FRAMES, "2").write();
    assertThat(read(two).width()).isEqualTo(4);
    assertThatThrownBy(
            () ->
                Images.read(
                    new ByteArrayInputStream(two), "scan", ReadOptions.STANDARD.withPage(2)))
        .hasMessage(
            "scan "
                + strange("its pixels have 12 bytes, and 4 x 3 of 8 bits in frame 2 take 24")
                + ".");
    byte[] compressed =
        file().syntax(".5").text(Tag.FRAMES, "3").fragments(rle(1, 64), rle(1, 64)).write();
    assertThatThrownBy(() -> read(compressed))
        .hasMessage("scan " + strange("there is no compressed frame 1") + ".");
  }

  static Stream<Arguments> numbers() {
    return Stream.of(
        arguments(file().text(Tag.FRAMES, "x"), "its NumberOfFrames (0028,0008) is no number"),
        arguments(
            file().text(Tag.RESCALE_SLOPE, "1,5"), "its RescaleSlope (0028,1053) is no number"),
        arguments(file().text(Tag.RESCALE_SLOPE, "0"), "it rescales by 0.0 and 0.0"),
        arguments(file().text(Tag.RESCALE_INTERCEPT, "NaN"), "it rescales by 1.0 and NaN"),
        arguments(
            window("0", ""),
            "a window needs a finite center and a width of 1 or more, not 5 and 0"),
        arguments(
            window("0", "LINEAR_EXACT"),
            "a window needs a finite center and a width of more than 0, not 5 and 0"),
        arguments(window("4", "CUBIC"), "its window has an unknown function"));
  }

  private static DicomFile window(String width, String function) {
    return file()
        .text(Tag.WINDOW_CENTER, "5")
        .text(Tag.WINDOW_WIDTH, width)
        .text(Tag.WINDOW_FUNCTION, function);
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void numbersThatAreNoneAreNamed(DicomFile file, String what) {
    refused(file, strange(what));
  }

  @Test
  void exactWindowsMayBeNarrowerThanOne() {
    assertThat(first(read(window("0.5", "LINEAR_EXACT").write()), 4)).containsOnly(0);
    assertThat(read(window("0.5", "LINEAR_EXACT").write()).sample(1, 1, 0)).isEqualTo(128);
  }

  private static DicomFile palette() {
    DicomFile file = file().text(Tag.PHOTOMETRIC, "PALETTE COLOR");
    byte[] entries = new byte[32];
    for (int i = 0; i < 16; i++) {
      entries[2 * i + 1] = (byte) (16 * i);
    }
    for (int colour = 0; colour < 3; colour++) {
      file.number(Tag.PALETTE_DESCRIPTOR + colour, PALETTE)
          .bytes(Tag.PALETTE_DATA + colour, "OW", entries);
    }
    return file;
  }

  static Stream<Arguments> palettes() {
    return Stream.of(
        arguments(
            palette().without(Tag.PALETTE_DESCRIPTOR),
            "its lookup table has no RedPaletteColorLookupTableDescriptor (0028,1101)"),
        arguments(
            palette().number(Tag.PALETTE_DESCRIPTOR + 1, 16, 0),
            "its lookup table has no GreenPaletteColorLookupTableDescriptor (0028,1102)"),
        arguments(
            palette().without(Tag.PALETTE_DATA + 2),
            "its lookup table has no BluePaletteColorLookupTableData (0028,1203)"),
        arguments(
            palette().bytes(Tag.PALETTE_DATA + 1, "OW", new byte[30]),
            "its GreenPaletteColorLookupTableData (0028,1202) has 30 bytes for 16 entries"),
        arguments(
            palette().number(Tag.PALETTE_DESCRIPTOR, 16, 0, 20),
            "a lookup table of it has entries of 20 bits"),
        arguments(
            palette().number(Tag.SAMPLES_PER_PIXEL, 3).bytes(Tag.PIXELS, "OB", new byte[36]),
            "it has a palette and 3 samples a pixel"));
  }

  @ParameterizedTest
  @MethodSource("palettes")
  void palettesThatAreNotCompleteAreNamed(DicomFile file, String what) {
    refused(file, strange(what));
  }

  @Test
  void segmentedPalettesAreNotRead() {
    refused(
        palette().bytes(Tag.SEGMENTED_PALETTE_DATA, "OW", new byte[4]),
        "has a segmented DICOM palette, which camjar does not read; convert its pixels to RGB"
            + " first");
  }

  /** A header of run lengths and two bytes behind it. */
  private static byte[] rle(int segments, int from) {
    byte[] frame = new byte[66];
    frame[0] = (byte) segments;
    frame[4] = (byte) from;
    return frame;
  }

  static Stream<Arguments> runLengths() {
    return Stream.of(
        arguments(new byte[10], "a run-length header has 10 bytes"),
        arguments(rle(2, 64), "it has 2 run-length segments where there should be 1"),
        arguments(rle(1, 100), "a run-length segment leaves the frame"),
        arguments(rle(1, 10), "a run-length segment leaves the frame"),
        arguments(rle(1, 64), "a run-length segment ends early"));
  }

  @ParameterizedTest
  @MethodSource("runLengths")
  void runLengthsThatDoNotFitAreNamed(byte[] frame, String what) {
    refused(file().syntax(".5").fragments(frame), strange(what));
  }

  /** A word of two samples has the first in its low byte, which a big-endian file writes second. */
  @Test
  void bytesInWordsAreTurnedInBigEndianFiles() {
    byte[] words = {1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10};
    RgbImage plain = read(file().write());

    assertThat(read(file().bigEndian().write())).isEqualTo(plain);
    assertThat(read(file().bigEndian().bytes(Tag.PIXELS, "OW", words).write())).isEqualTo(plain);
  }

  @Test
  void imagesWithoutAreaAreNone() {
    refused(
        file().number(Tag.ROWS, 0),
        "is 4 x 0 pixels, which is none at all; use an image of at least 1 x 1 pixel");
  }
}
