package io.camjar.gradcam.image.decode;

import io.camjar.gradcam.image.metadata.PngChunks;
import io.camjar.gradcam.image.samples.Refusal;
import java.awt.image.BufferedImage;
import java.io.IOException;

/** From a file in memory to its pixels. */
public final class Decoder {
  /**
   * Pixels and how they were come by.
   *
   * @param pixels turned upright if that was wanted
   */
  public record Result(Rgb pixels, Decoding decoding) {}

  private Decoder() {}

  /**
   * Reads an image.
   *
   * @param format what the file's first bytes say
   * @throws java.io.EOFException if the file is cut short
   * @throws IOException if it is damaged; plugins answer some damage with unchecked exceptions
   * @throws Refusal if camjar does not read such files, with the remedy
   */
  public static Result decode(ImageFormat format, byte[] file, ReadOptions options)
      throws IOException {
    Decoding.Builder report = new Decoding.Builder();
    Rgb stored = stored(format, file, options, report);
    if (format != ImageFormat.TIFF && format != ImageFormat.DICOM) {
      Pages.check(format == ImageFormat.GIF ? "frame" : "image", options.page(), 1);
    }
    note(format, options, report);
    boolean turns = options.orient() || format == ImageFormat.TIFF;
    Orientation turn = turns ? Orientation.of(report.tag()) : Orientation.TOP_LEFT;
    return new Result(turn.turn(stored), report.build(format, turn != Orientation.TOP_LEFT));
  }

  /**
   * The pixels of an image that is decoded already.
   *
   * @throws Refusal if it has samples that no range of values is known of
   * @throws IOException if its inks cannot be turned into colours
   */
  public static Rgb pixels(BufferedImage image) throws IOException {
    return image.isAlphaPremultiplied()
        ? Pixels.toRgb(straight(image))
        : Pixels.toRgb(image, ReadOptions.STANDARD, new Decoding.Builder());
  }

  /** Colours that were stored multiplied by their alpha, divided by it. */
  private static BufferedImage straight(BufferedImage image) {
    BufferedImage copy =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_ARGB);
    int[] row = new int[image.getWidth()];
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, row.length, 1, row, 0, row.length);
      copy.setRGB(0, y, row.length, 1, row, 0, row.length);
    }
    return copy;
  }

  private static void note(ImageFormat format, ReadOptions options, Decoding.Builder report) {
    boolean chosen = format == ImageFormat.TIFF || format == ImageFormat.DICOM;
    if (report.pages() > 1 && options.page() == 1) {
      report.note(
          chosen
              ? "has %d %s, of which the first is read; --page N reads another"
                  .formatted(report.pages(), format == ImageFormat.TIFF ? "pages" : "frames")
              : "is an animation of %d frames, of which the first is read"
                  .formatted(report.pages()));
    }
    if (options.scale() != null && !report.hasSamples()) {
      report.note("has samples of 8 bits already, which --range and --window do not change");
    }
  }

  private static Rgb stored(
      ImageFormat format, byte[] file, ReadOptions options, Decoding.Builder report)
      throws IOException {
    return switch (format) {
      case JPEG -> JpegDecoder.decode(file, report);
      case PNG -> {
        byte[] essential = PngChunks.essential(file);
        report.orientation(PngChunks.orientation(file));
        yield plain(format, essential, options, report);
      }
      case GIF -> GifDecoder.decode(file, report);
      case WEBP -> WebpDecoder.decode(file, report);
      case TIFF -> {
        // Canon's raw files begin as TIFF.
        ForeignFormat.refuse(file);
        yield TiffDecoder.decode(file, options, report);
      }
      case DICOM -> DicomDecoder.decode(file, options, report);
      case BMP -> plain(format, file, options, report);
      case UNKNOWN -> {
        ForeignFormat.refuse(file);
        throw new Refusal("is not an image that camjar knows", "give it a " + ImageFormat.NAMES);
      }
    };
  }

  private static Rgb plain(
      ImageFormat format, byte[] file, ReadOptions options, Decoding.Builder report)
      throws IOException {
    try (Plugin plugin = Plugin.open(format, file)) {
      plugin.checkSize();
      BufferedImage image = plugin.reader().read(0);
      plugin.checkComplete();
      return Pixels.toRgb(image, options, report);
    }
  }
}
