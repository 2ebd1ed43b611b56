package io.camjar.gradcam.image;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;

/**
 * The segments of a JPEG file before its pixels.
 *
 * <p>Readers stumble over comments, thumbnails and broken colour profiles that have no bearing on
 * the pixels, so they are given {@link #essential} only.
 *
 * @param essential the file without application segments other than JFIF's and Adobe's
 * @param components samples a pixel: 1 gray, 3 colour, 4 inks
 * @param adobeTransform the colour transform Adobe's segment names; -1 when there is none
 * @param exif the EXIF block, a small TIFF file; empty when there is none
 */
@SuppressWarnings("ArrayRecordComponent") // Slices of one file; never compared.
record JpegSegments(byte[] essential, int components, int adobeTransform, byte[] exif) {
  private static final int APP0 = 0xe0;
  private static final int APP1 = 0xe1;
  private static final int APP14 = 0xee;
  private static final int APP15 = 0xef;
  private static final int COMMENT = 0xfe;
  private static final int START_OF_SCAN = 0xda;

  static JpegSegments of(byte[] file) throws IOException {
    ByteArrayOutputStream kept = new ByteArrayOutputStream(file.length);
    kept.write(file, 0, 2);
    int components = 0;
    int transform = -1;
    byte[] exif = {};
    int at = 2;
    while (true) {
      at = skipFill(file, at);
      int marker = file[at + 1] & 0xff;
      if (marker == START_OF_SCAN) {
        kept.write(file, at, file.length - at);
        return new JpegSegments(kept.toByteArray(), components, transform, exif);
      }
      if (standalone(marker)) {
        kept.write(file, at, 2);
        at += 2;
        continue;
      }
      int length = length(file, at + 2);
      int body = at + 4;
      int end = at + 2 + length;
      if (frame(marker) && length >= 8) {
        // Before the reader, which would speak of its own limit instead.
        Limits.check(number(file, body + 3), number(file, body + 1));
        components = file[body + 5] & 0xff;
      } else if (marker == APP14 && length >= 14 && PictureFormat.starts(file, body, "Adobe")) {
        transform = file[body + 11] & 0xff;
      } else if (marker == APP1 && PictureFormat.starts(file, body, "Exif\0\0")) {
        exif = exif.length == 0 ? Arrays.copyOfRange(file, body + 6, end) : exif;
      }
      boolean useful = marker == APP0 && PictureFormat.starts(file, body, "JFIF\0");
      useful |= marker == APP14;
      if (useful || marker < APP0 || (marker > APP15 && marker != COMMENT)) {
        kept.write(file, at, end - at);
      }
      at = end;
    }
  }

  private static int skipFill(byte[] file, int start) throws IOException {
    int at = start;
    // A marker is 0xff and a code; padding of 0xff may stand before the code.
    while (at + 1 < file.length && (file[at] & 0xff) == 0xff && (file[at + 1] & 0xff) == 0xff) {
      at++;
    }
    if (at + 1 >= file.length) {
      throw new EOFException("no start of scan");
    }
    if ((file[at] & 0xff) != 0xff) {
      throw new IOException("no marker at byte " + at);
    }
    return at;
  }

  private static int length(byte[] file, int at) throws IOException {
    if (at + 2 > file.length) {
      throw new EOFException("a segment has no length");
    }
    int length = number(file, at);
    if (length < 2) {
      throw new IOException("a segment of length " + length);
    }
    if (at + length > file.length) {
      throw new EOFException("a segment leaves the file");
    }
    return length;
  }

  private static int number(byte[] file, int at) {
    return (file[at] & 0xff) << 8 | (file[at + 1] & 0xff);
  }

  /** Markers without a length: restarts, start and end of image, TEM. */
  private static boolean standalone(int marker) {
    return (marker >= 0xd0 && marker <= 0xd9) || marker == 0x01;
  }

  /** Start-of-frame markers, of whatever coding. */
  private static boolean frame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }
}
