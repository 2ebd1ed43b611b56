package io.camjar.gradcam.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Where the first row and column of a picture belong: EXIF tag 0x0112 with EXIF's names for its
 * values, and the turn that brings the picture upright.
 */
enum Orientation {
  TOP_LEFT(false, false, false),
  TOP_RIGHT(false, true, false),
  BOTTOM_RIGHT(false, true, true),
  BOTTOM_LEFT(false, false, true),
  LEFT_TOP(true, false, false),
  RIGHT_TOP(true, true, false),
  RIGHT_BOTTOM(true, true, true),
  LEFT_BOTTOM(true, false, true);

  private static final int TAG = 0x0112;

  private final boolean transpose;
  private final boolean flipX;
  private final boolean flipY;

  Orientation(boolean transpose, boolean flipX, boolean flipY) {
    this.transpose = transpose;
    this.flipX = flipX;
    this.flipY = flipY;
  }

  /** The orientation that {@code file} asks for; upright when it says nothing readable. */
  static Orientation of(PictureFormat format, byte[] file) throws IOException {
    return switch (format) {
      case JPEG -> fromTiff(JpegSegments.of(file).exif());
      case PNG -> fromTiff(PngChunks.exif(file));
      case TIFF -> fromTiff(file);
      case WEBP -> fromTiff(webpExif(file));
      default -> TOP_LEFT;
    };
  }

  /** Looks the tag up in the first directory of a TIFF structure, reading nothing else. */
  static Orientation fromTiff(byte[] tiff) {
    if (tiff.length < 8) {
      return TOP_LEFT;
    }
    ByteBuffer in = ByteBuffer.wrap(tiff);
    in.order(tiff[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long directory = in.getInt(4) & 0xffffffffL;
    if (directory + 2 > tiff.length) {
      return TOP_LEFT;
    }
    int entries = in.getShort((int) directory) & 0xffff;
    for (int i = 0; i < entries; i++) {
      long entry = directory + 2 + 12L * i;
      if (entry + 12 > tiff.length) {
        return TOP_LEFT;
      }
      if ((in.getShort((int) entry) & 0xffff) == TAG) {
        int value = in.getShort((int) entry + 8) & 0xffff;
        return value >= 1 && value <= 8 ? values()[value - 1] : TOP_LEFT;
      }
    }
    return TOP_LEFT;
  }

  private static byte[] webpExif(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    long at = 12;
    while (at + 8 <= file.length) {
      long length = in.getInt((int) at + 4) & 0xffffffffL;
      if (PictureFormat.starts(file, (int) at, "EXIF")) {
        int from = (int) at + 8;
        // Some writers keep JPEG's prefix.
        int start = PictureFormat.starts(file, from, "Exif\0\0") ? from + 6 : from;
        return Arrays.copyOfRange(
            file, start, Math.max(start, (int) Math.min(from + length, file.length)));
      }
      at += 8 + length + (length & 1);
    }
    return new byte[0];
  }

  /** The picture as it should be seen. */
  RgbImage turn(RgbImage image) {
    if (this == TOP_LEFT) {
      return image;
    }
    int width = transpose ? image.height() : image.width();
    int height = transpose ? image.width() : image.height();
    byte[] in = image.samples();
    byte[] out = new byte[in.length];
    int at = 0;
    for (int y = 0; y < height; y++) {
      int v = flipY ? height - 1 - y : y;
      for (int x = 0; x < width; x++) {
        int u = flipX ? width - 1 - x : x;
        int source = transpose ? u * image.width() + v : v * image.width() + u;
        System.arraycopy(in, source * 3, out, at, 3);
        at += 3;
      }
    }
    return RgbImage.wrap(width, height, out);
  }
}
