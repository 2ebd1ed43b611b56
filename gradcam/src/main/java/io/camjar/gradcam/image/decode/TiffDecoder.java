package io.camjar.gradcam.image.decode;

import io.camjar.gradcam.image.decode.WideSamples.Layout;
import io.camjar.gradcam.image.metadata.OrientationTag;
import io.camjar.gradcam.image.samples.Limits;
import io.camjar.gradcam.image.samples.Refusal;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;

/**
 * One page of a TIFF file.
 *
 * <p>The reader's images are right for samples of up to 8 bits. Of wider ones it clips
 * floating-point values to 0 to 1 and inverts 12 bits as if they were 16, so that those are taken
 * from its raster, which holds what the file does. L*a*b* colours it takes for those of another
 * white, and of one sign.
 */
final class TiffDecoder {
  private static final int WHITE_IS_ZERO = 0;
  private static final int RGB = 2;
  private static final int CIE_LAB = 8;
  private static final int ITU_LAB = 10;
  private static final int SIGNED = 2;
  private static final int FLOATING = 3;
  private static final int ASSOCIATED_ALPHA = 1;
  private static final int REDUCED = 1;

  /** Colours, alpha and whatever else a pixel has. */
  private static final int MOST_BANDS = 64;

  private TiffDecoder() {}

  static Rgb decode(byte[] file, ReadOptions options, Decoding.Builder report) throws IOException {
    try (Plugin plugin = Plugin.open(ImageFormat.TIFF, file)) {
      int page = page(plugin.reader().getNumImages(true), options, report);
      plugin.checkSize(page);
      TiffTags tags = TiffTags.of(plugin.reader(), page);
      refuseRaw(tags);
      report.orientation(orientation(tags));
      Rgb image = image(plugin, page, tags, options, report);
      plugin.checkComplete();
      return image;
    }
  }

  private static int page(int pages, ReadOptions options, Decoding.Builder report)
      throws IOException {
    if (pages == 0) {
      throw new IOException("it has no image");
    }
    Pages.check("page", options.page(), pages);
    report.page(options.page(), pages);
    return options.page() - 1;
  }

  /** A camera's file shows a small preview to readers that do not know better. */
  private static void refuseRaw(TiffTags tags) {
    boolean preview = (tags.number(TiffTags.SUBFILE_TYPE, 0) & REDUCED) != 0;
    if (tags.has(TiffTags.DNG_VERSION) || (preview && tags.has(TiffTags.SUB_DIRECTORIES))) {
      throw new Refusal(
          "is a camera's raw file, whose first image is a preview",
          "develop it to JPEG, PNG or TIFF first, as your training images were");
    }
  }

  private static OrientationTag orientation(TiffTags tags) {
    return tags.has(TiffTags.ORIENTATION)
        ? OrientationTag.of(tags.number(TiffTags.ORIENTATION, 1), "TIFF")
        : OrientationTag.of(new byte[0], tags.bytes(TiffTags.XMP));
  }

  private static Rgb image(
      Plugin plugin, int page, TiffTags tags, ReadOptions options, Decoding.Builder report)
      throws IOException {
    int photometric = tags.number(TiffTags.PHOTOMETRIC, 1);
    if (photometric >= CIE_LAB && photometric <= ITU_LAB) {
      throw new Refusal(
          "has L*a*b* colours, which camjar does not turn into red, green and blue",
          "save it as RGB");
    }
    int bits = tags.number(TiffTags.BITS, 1);
    int format = tags.number(TiffTags.SAMPLE_FORMAT, 1);
    int colours = photometric == RGB ? 3 : 1;
    boolean associated = tags.number(TiffTags.EXTRA_SAMPLES, 0) == ASSOCIATED_ALPHA;
    boolean wide = bits > 8 || (bits == 8 && format == SIGNED);
    if (photometric <= RGB && wide) {
      int bands = tags.number(TiffTags.SAMPLES_PER_PIXEL, 1);
      if (bands < colours || bands > MOST_BANDS || bits > 64 || (bits > 32 && format != FLOATING)) {
        throw new IOException("%d samples of %d bits".formatted(bands, bits));
      }
      Limits.checkMemory(
          plugin.reader().getWidth(page), plugin.reader().getHeight(page), bands * 8L + 3);
      SampleType type = new SampleType(bits, format == SIGNED, format == FLOATING);
      Raster raster = plugin.reader().readRaster(page, null);
      Layout layout = new Layout(colours, photometric == WHITE_IS_ZERO, associated ? colours : -1);
      return new WideSamples(raster, type, layout).toRgb(options, report);
    }
    BufferedImage image = plugin.reader().read(page);
    Rgb rgb = Pixels.toRgb(image);
    return associated && image.getRaster().getNumBands() > colours
        ? divided(rgb, image.getRaster(), colours)
        : rgb;
  }

  /** Colours that were multiplied by their alpha before they were stored. */
  private static Rgb divided(Rgb image, Raster raster, int band) {
    int[] alpha = new int[image.width()];
    byte[] samples = image.samples();
    int at = 0;
    for (int y = 0; y < image.height(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, image.width(), 1, band, alpha);
      for (int x = 0; x < image.width(); x++) {
        for (int c = 0; c < 3; c++, at++) {
          samples[at] = (byte) Pixels.divided(samples[at] & 0xff, alpha[x]);
        }
      }
    }
    return image;
  }
}
