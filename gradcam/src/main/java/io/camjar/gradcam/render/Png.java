package io.camjar.gradcam.render;

import io.camjar.gradcam.image.RgbImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * PNG files: 8 bits a sample, gray where the picture is gray; the same picture always gives the
 * same bytes, with no date or program name in them.
 *
 * <p>Source: the PNG specification, ISO/IEC 15948, filters chosen a row by the smallest sum of
 * absolute differences as it recommends.
 */
public final class Png {
  private static final byte[] SIGNATURE =
      "\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1);
  private static final int FILTERS = 5;

  private Png() {}

  /** The bytes of a PNG file that shows {@code image}. */
  public static byte[] encode(RgbImage image) {
    byte[] rgb = image.toBytes();
    boolean gray = isGray(rgb);
    int channels = gray ? 1 : 3;
    byte[] samples = gray ? everyThird(rgb) : rgb;
    ByteArrayOutputStream out = new ByteArrayOutputStream(samples.length / 2 + 64);
    out.writeBytes(SIGNATURE);
    ByteBuffer header = ByteBuffer.allocate(13);
    header.putInt(image.width()).putInt(image.height()).put((byte) 8).put((byte) (gray ? 0 : 2));
    chunk(out, "IHDR", header.array(), 13);
    byte[] filtered = filter(samples, image.width() * channels, image.height(), channels);
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION);
    try {
      deflater.setInput(filtered);
      deflater.finish();
      byte[] piece = new byte[1 << 16];
      while (!deflater.finished()) {
        chunk(out, "IDAT", piece, deflater.deflate(piece));
      }
    } finally {
      deflater.end();
    }
    chunk(out, "IEND", new byte[0], 0);
    return out.toByteArray();
  }

  /**
   * Writes {@code image} to {@code file}, completely or not at all.
   *
   * @throws io.camjar.engine.CamjarException if the file cannot be written
   */
  public static void write(RgbImage image, Path file) {
    WholeFile.write(file, encode(image));
  }

  private static boolean isGray(byte[] rgb) {
    for (int i = 0; i < rgb.length; i += 3) {
      if (rgb[i] != rgb[i + 1] || rgb[i] != rgb[i + 2]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] everyThird(byte[] rgb) {
    byte[] out = new byte[rgb.length / 3];
    for (int i = 0; i < out.length; i++) {
      out[i] = rgb[3 * i];
    }
    return out;
  }

  private static void chunk(ByteArrayOutputStream out, String type, byte[] data, int length) {
    byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data, 0, length);
    out.writeBytes(ByteBuffer.allocate(4).putInt(length).array());
    out.writeBytes(name);
    out.write(data, 0, length);
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  private static byte[] filter(byte[] samples, int stride, int rows, int channels) {
    byte[] out = new byte[(stride + 1) * rows];
    byte[] above = new byte[stride];
    byte[] row = new byte[stride];
    byte[] trial = new byte[stride];
    for (int y = 0; y < rows; y++) {
      System.arraycopy(samples, y * stride, row, 0, stride);
      int at = y * (stride + 1);
      long best = Long.MAX_VALUE;
      for (int filter = 0; filter < FILTERS; filter++) {
        long cost = apply(filter, row, above, channels, trial);
        if (cost < best) {
          best = cost;
          out[at] = (byte) filter;
          System.arraycopy(trial, 0, out, at + 1, stride);
        }
      }
      byte[] spare = above;
      above = row;
      row = spare;
    }
    return out;
  }

  /** Writes the filtered row to {@code out} and returns the sum of its absolute values. */
  private static long apply(int filter, byte[] row, byte[] above, int channels, byte[] out) {
    long cost = 0;
    for (int i = 0; i < row.length; i++) {
      int left = i < channels ? 0 : row[i - channels] & 0xff;
      int up = above[i] & 0xff;
      int corner = i < channels ? 0 : above[i - channels] & 0xff;
      int guess =
          switch (filter) {
            case 0 -> 0;
            case 1 -> left;
            case 2 -> up;
            case 3 -> (left + up) / 2;
            default -> paeth(left, up, corner);
          };
      out[i] = (byte) (row[i] - guess);
      cost += Math.abs(out[i]);
    }
    return cost;
  }

  private static int paeth(int left, int up, int corner) {
    int estimate = left + up - corner;
    int toLeft = Math.abs(estimate - left);
    int toUp = Math.abs(estimate - up);
    int toCorner = Math.abs(estimate - corner);
    if (toLeft <= toUp && toLeft <= toCorner) {
      return left;
    }
    return toUp <= toCorner ? up : corner;
  }
}
