package io.camjar.gradcam.image.metadata;

import io.camjar.gradcam.image.samples.Limits;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;

/**
 * The segments of a JPEG file before its pixels.
 *
 * <p>Readers stumble over comments, thumbnails and broken colour profiles that have no bearing on
 * the pixels, and the JDK's guesses the colour space by rules of its own. So it is given {@link
 * #essential} only, where one marker says what libjpeg would have concluded.
 */
public final class JpegSegments {
  private static final int APP0 = 0xe0;
  private static final int APP1 = 0xe1;
  private static final int APP14 = 0xee;
  private static final int APP15 = 0xef;
  private static final int COMMENT = 0xfe;
  private static final int LOSSLESS = 0xc3;
  private static final int START_OF_SCAN = 0xda;
  private static final int NO_ADOBE = -1;

  /** Says YCbCr: an empty JFIF segment. */
  private static final byte[] JFIF =
      bytes(0xff, APP0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0);

  private final byte[] file;
  private final ByteArrayOutputStream kept;
  private byte[] components = {};
  private boolean jfif;
  private boolean lossless;
  private int precision;
  private int adobeTransform = NO_ADOBE;
  private byte[] exif = {};
  private byte[] xmp = {};

  private JpegSegments(byte[] file) {
    this.file = file;
    this.kept = new ByteArrayOutputStream(file.length);
  }

  /**
   * Reads all up to the pixels.
   *
   * @throws EOFException if the file ends before them
   */
  public static JpegSegments of(byte[] file) throws IOException {
    JpegSegments segments = new JpegSegments(file);
    segments.parse();
    return segments;
  }

  /** Samples a pixel: 1 gray, 3 colour, 4 inks. */
  public int count() {
    return components.length;
  }

  /**
   * Whether four samples are luma, chroma and black instead of inks; libjpeg ({@code
   * default_decompress_parms} in {@code jdapimin.c}) says so of every Adobe transform but 0.
   */
  public boolean isYcck() {
    return adobeTransform != NO_ADOBE && adobeTransform != 0;
  }

  /** Which way the file says is up. */
  public OrientationTag orientation() {
    return OrientationTag.of(exif, xmp);
  }

  /** Bits of a sample; libjpeg reads 8 of them. */
  public int precision() {
    return precision;
  }

  /** Whether it is coded without loss (start of frame 3), which libjpeg does not read. */
  public boolean isLossless() {
    return lossless;
  }

  /**
   * The same as {@link #essential()} for three samples whose meaning is known from elsewhere.
   *
   * @param luma whether they are luma and chroma rather than red, green and blue
   */
  public byte[] essential(boolean luma) {
    return essential(luma ? JFIF : adobe(0));
  }

  /** The file with nothing before its pixels but what makes them. */
  public byte[] essential() {
    return switch (components.length) {
      case 3 -> essential(isRgb() ? adobe(0) : JFIF);
      case 4 -> essential(adobe(isYcck() ? 2 : 0));
      default -> essential(new byte[0]);
    };
  }

  private byte[] essential(byte[] marker) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(file.length + 32);
    out.write(file, 0, 2);
    out.writeBytes(marker);
    out.writeBytes(kept.toByteArray());
    return out.toByteArray();
  }

  /** libjpeg's rule for three components, from the same place. */
  private boolean isRgb() {
    if (jfif) {
      return false;
    }
    return adobeTransform == NO_ADOBE
        ? Arrays.equals(components, new byte[] {'R', 'G', 'B'})
        : adobeTransform == 0;
  }

  private static byte[] adobe(int transform) {
    return bytes(0xff, APP14, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, transform);
  }

  private static byte[] bytes(int... values) {
    byte[] out = new byte[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) values[i];
    }
    return out;
  }

  private void parse() throws IOException {
    int at = 2;
    while (true) {
      at = skipFill(at);
      int marker = file[at + 1] & 0xff;
      if (marker == START_OF_SCAN) {
        kept.write(file, at, file.length - at);
        return;
      }
      int end = standalone(marker) ? at + 2 : at + 2 + length(at + 2);
      note(marker, at + 4, end);
      if ((marker < APP0 || marker > APP15) && marker != COMMENT) {
        kept.write(file, at, end - at);
      }
      at = end;
    }
  }

  private void note(int marker, int body, int end) {
    if (frame(marker) && end - body >= 6) {
      lossless = marker == LOSSLESS;
      precision = file[body] & 0xff;
      // Before the reader, which would speak of its own limit instead.
      Limits.check(number(body + 3), number(body + 1));
      int count = Math.min(file[body + 5] & 0xff, (end - body - 6) / 3);
      components = new byte[count];
      for (int i = 0; i < count; i++) {
        components[i] = file[body + 6 + 3 * i];
      }
    } else if (marker == APP0 && Bytes.starts(file, body, "JFIF\0")) {
      jfif = true;
    } else if (marker == APP14 && end - body >= 12 && Bytes.starts(file, body, "Adobe")) {
      adobeTransform = file[body + 11] & 0xff;
    } else if (marker == APP1
        && exif.length == 0
        && end - body > 6
        && Bytes.starts(file, body, OrientationTag.EXIF_PREFIX)) {
      exif = Arrays.copyOfRange(file, body, end);
    } else if (marker == APP1
        && xmp.length == 0
        && Bytes.starts(file, body, OrientationTag.XMP_PREFIX)) {
      xmp = Arrays.copyOfRange(file, body, Math.max(body, end));
    }
  }

  private int skipFill(int start) throws IOException {
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

  private int length(int at) throws IOException {
    if (at + 2 > file.length) {
      throw new EOFException("a segment has no length");
    }
    int length = number(at);
    if (length < 2) {
      throw new IOException("a segment of length " + length);
    }
    if (at + length > file.length) {
      throw new EOFException("a segment leaves the file");
    }
    return length;
  }

  private int number(int at) {
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
