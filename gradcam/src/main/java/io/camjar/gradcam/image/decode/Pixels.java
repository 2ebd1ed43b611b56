package io.camjar.gradcam.image.decode;

import io.camjar.gradcam.image.decode.WideSamples.Layout;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;

/**
 * Pillow's {@code convert('RGB')} for what ImageIO's readers return: stored samples, without the
 * colour management that {@code BufferedImage.getRGB} applies.
 */
final class Pixels {
  private Pixels() {}

  /**
   * The image, whatever its samples.
   *
   * @param report is told what became of samples that are not 8 unsigned bits
   */
  static Rgb toRgb(BufferedImage image, ReadOptions options, Decoding.Builder report)
      throws IOException {
    ColorModel model = image.getColorModel();
    boolean colours =
        model instanceof ComponentColorModel
            && model.getColorSpace().getType() != ColorSpace.TYPE_CMYK;
    int bits = model.getComponentSize(0);
    if (colours && bits > 8) {
      Raster raster = image.getRaster();
      return new WideSamples(raster, type(raster, bits), Layout.plain(raster.getNumBands()))
          .toRgb(options, report);
    }
    return toRgb(image);
  }

  private static SampleType type(Raster raster, int bits) {
    int data = raster.getDataBuffer().getDataType();
    boolean floating = data == DataBuffer.TYPE_FLOAT || data == DataBuffer.TYPE_DOUBLE;
    return new SampleType(bits, data == DataBuffer.TYPE_SHORT, floating);
  }

  /** An image of at most 8 bits a sample, or of inks. */
  static Rgb toRgb(BufferedImage image) throws IOException {
    ColorModel model = image.getColorModel();
    Raster raster = image.getRaster();
    if (model instanceof IndexColorModel palette) {
      return indexed(raster, palette);
    }
    if (model.getColorSpace().getType() == ColorSpace.TYPE_CMYK) {
      return Cmyk.toRgb(
          bytes(raster, model.getComponentSize(), 4), raster.getWidth(), raster.getHeight());
    }
    if (raster.getNumBands() < 3) {
      return spread(
          bytes(raster, model.getComponentSize(), 1), raster.getWidth(), raster.getHeight());
    }
    return new Rgb(
        raster.getWidth(), raster.getHeight(), bytes(raster, model.getComponentSize(), 3));
  }

  /**
   * A colour that was stored multiplied by its alpha, as Pillow's {@code unpackRGBa} brings it back
   * ({@code libImaging/Unpack.c}).
   */
  static int divided(int colour, int alpha) {
    return alpha == 0 ? 0 : Math.min(255, colour * 255 / alpha);
  }

  /** The first {@code keep} bands, interleaved, 8 bits each: the high byte of wider samples. */
  static byte[] bytes(Raster raster, int[] bits, int keep) {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    byte[] out = new byte[width * raster.getHeight() * keep];
    int[] row = new int[width * bands];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        for (int b = 0; b < keep; b++) {
          out[at++] = (byte) narrow(row[x * bands + b], bits[b]);
        }
      }
    }
    return out;
  }

  private static int narrow(int sample, int bits) {
    // Truncated, as Pillow does with the 5 and 6 bits of BMP's packed pixels.
    return bits > 8 ? sample >> (bits - 8) : bits == 8 ? sample : sample * 255 / ((1 << bits) - 1);
  }

  /** Gray samples as red, green and blue. */
  static Rgb spread(byte[] gray, int width, int height) {
    byte[] out = new byte[gray.length * 3];
    for (int i = 0; i < gray.length; i++) {
      out[3 * i] = gray[i];
      out[3 * i + 1] = gray[i];
      out[3 * i + 2] = gray[i];
    }
    return new Rgb(width, height, out);
  }

  private static Rgb indexed(Raster raster, IndexColorModel palette) {
    int width = raster.getWidth();
    byte[] out = new byte[width * raster.getHeight() * 3];
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
      for (int index : row) {
        at = put(out, at, palette.getRGB(index));
      }
    }
    return new Rgb(width, raster.getHeight(), out);
  }

  static int put(byte[] out, int at, int pixel) {
    out[at] = (byte) (pixel >> 16);
    out[at + 1] = (byte) (pixel >> 8);
    out[at + 2] = (byte) pixel;
    return at + 3;
  }
}
