package io.camjar.gradcam.image.decode;

import io.camjar.gradcam.image.samples.Extent;
import io.camjar.gradcam.image.samples.Refusal;
import io.camjar.gradcam.image.samples.SampleScale;
import io.camjar.gradcam.image.samples.Samples;
import java.awt.image.Raster;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that are not 8 unsigned bits, and their way to 8.
 *
 * <p>Unsigned ones of up to 16 bits keep their highest 8, as Pillow does for 16-bit colour and
 * OpenCV and libpng do for gray as well; Pillow's own {@code convert('RGB')} of 16-bit gray clips
 * at 255. Of all others nobody knows which are black and white, so that it must be said.
 */
final class WideSamples {
  private final Raster raster;
  private final SampleType type;
  private final Layout layout;
  private final Extent extent = new Extent();

  /**
   * What the bands of a raster are.
   *
   * @param colours 1 or 3, the first bands
   * @param inverted whether small values are white
   * @param associatedAlpha the band by which colours have been multiplied; -1 for none
   */
  record Layout(int colours, boolean inverted, int associatedAlpha) {
    static Layout plain(int bands) {
      return new Layout(bands < 3 ? 1 : 3, false, -1);
    }
  }

  WideSamples(Raster raster, SampleType type, Layout layout) {
    this.raster = raster;
    this.type = type;
    this.layout = layout;
  }

  /**
   * The image.
   *
   * @throws Refusal if it is not known which numbers are black and white
   */
  Rgb toRgb(ReadOptions options, Decoding.Builder report) {
    measure();
    SampleScale scale = options.scale();
    if (scale == null && !type.hasKnownRange()) {
      throw new Refusal(
          "has %s samples from %s to %s, and nothing says which values are black and white"
              .formatted(
                  type,
                  SampleScale.number(extent.smallest()),
                  SampleScale.number(extent.largest())),
          "name the two, as in --range %s,%s"
              .formatted(
                  SampleScale.number(extent.smallest()), SampleScale.number(extent.largest())));
    }
    report.samples(
        new Samples(
            type.toString(),
            extent.smallest(),
            extent.largest(),
            scale == null ? "by their highest 8 bits" : scale.describe(),
            scale == null ? "default" : "option",
            layout.inverted()));
    if (scale == null && extent.largest() < (type.largest() + 1) / 16) {
      report.note(
          "has %s samples that go up to %s only, so it is nearly black; --range 0,%s shows all of them"
              .formatted(
                  type,
                  SampleScale.number(extent.largest()),
                  SampleScale.number(Math.max(1, extent.largest()))));
    }
    return convert(scale);
  }

  private void measure() {
    double[] row = new double[raster.getWidth() * raster.getNumBands()];
    int bands = raster.getNumBands();
    for (int y = 0; y < raster.getHeight(); y++) {
      read(y, row);
      for (int at = 0; at < row.length; at += bands) {
        for (int c = 0; c < layout.colours(); c++) {
          extent.add(type.value(row[at + c]));
        }
      }
    }
  }

  private Rgb convert(@Nullable SampleScale scale) {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    byte[] out = new byte[width * raster.getHeight() * 3];
    double[] row = new double[width * bands];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      read(y, row);
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < 3; c++) {
          int level = level(row, x * bands, layout.colours() == 1 ? 0 : c, scale);
          out[at++] = (byte) (layout.inverted() ? 255 - level : level);
        }
      }
    }
    return new Rgb(width, raster.getHeight(), out);
  }

  private int level(double[] row, int pixel, int colour, @Nullable SampleScale scale) {
    double value = type.value(row[pixel + colour]);
    boolean multiplied = layout.associatedAlpha() >= 0;
    double alpha = multiplied ? type.value(row[pixel + layout.associatedAlpha()]) : type.largest();
    if (scale == null) {
      int level = highest(value);
      return multiplied ? Pixels.divided(level, highest(alpha)) : level;
    }
    return scale.level(alpha == 0 ? 0 : value * type.largest() / alpha);
  }

  private int highest(double value) {
    return (int) value >> (type.bits() - 8);
  }

  private void read(int y, double[] row) {
    raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, row);
  }
}
