package io.camjar.gradcam.image;

import io.camjar.gradcam.image.Limits.Refusal;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DirectColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;

/**
 * Pillow's {@code convert('RGB')} for what ImageIO's readers return: stored samples, without the
 * colour management that {@code BufferedImage.getRGB} applies.
 */
final class Pixels {
  private Pixels() {}

  static RgbImage toRgb(BufferedImage image) throws IOException {
    ColorModel model = image.getColorModel();
    Raster raster = image.getRaster();
    if (model instanceof IndexColorModel palette) {
      return indexed(raster, palette);
    }
    checkRange(raster.getDataBuffer().getDataType(), model);
    int bits = model instanceof DirectColorModel ? 0 : model.getComponentSize(0);
    int bands = raster.getNumBands();
    if (model.getColorSpace().getType() == ColorSpace.TYPE_CMYK) {
      return Cmyk.toRgb(bytes(raster, bits, 4), raster.getWidth(), raster.getHeight());
    }
    if (model instanceof DirectColorModel) {
      return packed(image);
    }
    if (bands == 1 || bands == 2) {
      return spread(bytes(raster, bits, 1), raster.getWidth(), raster.getHeight());
    }
    return RgbImage.wrap(raster.getWidth(), raster.getHeight(), bytes(raster, bits, 3));
  }

  /** Measurements rather than colours: what is black and what is white, the file does not say. */
  private static void checkRange(int type, ColorModel model) {
    boolean packed = model instanceof DirectColorModel;
    String kind =
        switch (type) {
          case DataBuffer.TYPE_FLOAT, DataBuffer.TYPE_DOUBLE -> "floating-point";
          case DataBuffer.TYPE_INT -> packed ? "" : "32-bit";
          case DataBuffer.TYPE_SHORT -> packed ? "" : "signed 16-bit";
          default -> "";
        };
    if (!kind.isEmpty()) {
      throw new Refusal(
          "has %s samples, and nothing says which values are black and white".formatted(kind),
          "scale them to 0 to 255 and save the picture as PNG");
    }
  }

  /** The first {@code keep} bands, interleaved, 8 bits each: the high byte of wider samples. */
  static byte[] bytes(Raster raster, int bits, int keep) {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    byte[] out = new byte[width * raster.getHeight() * keep];
    int[] row = new int[width * bands];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        for (int b = 0; b < keep; b++) {
          out[at++] = (byte) narrow(row[x * bands + b], bits);
        }
      }
    }
    return out;
  }

  private static int narrow(int sample, int bits) {
    return bits > 8 ? sample >> (bits - 8) : bits == 8 ? sample : sample * 255 / ((1 << bits) - 1);
  }

  /** Gray samples as red, green and blue. */
  static RgbImage spread(byte[] gray, int width, int height) {
    byte[] out = new byte[gray.length * 3];
    for (int i = 0; i < gray.length; i++) {
      out[3 * i] = gray[i];
      out[3 * i + 1] = gray[i];
      out[3 * i + 2] = gray[i];
    }
    return RgbImage.wrap(width, height, out);
  }

  private static RgbImage indexed(Raster raster, IndexColorModel palette) {
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
    return RgbImage.wrap(width, raster.getHeight(), out);
  }

  /** Samples packed into one number, 5-5-5 or 5-6-5 say; such pixels carry no profile. */
  private static RgbImage packed(BufferedImage image) {
    int width = image.getWidth();
    byte[] out = new byte[width * image.getHeight() * 3];
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int pixel : row) {
        at = put(out, at, pixel);
      }
    }
    return RgbImage.wrap(width, image.getHeight(), out);
  }

  static int put(byte[] out, int at, int pixel) {
    out[at] = (byte) (pixel >> 16);
    out[at + 1] = (byte) (pixel >> 8);
    out[at + 2] = (byte) pixel;
    return at + 3;
  }
}
