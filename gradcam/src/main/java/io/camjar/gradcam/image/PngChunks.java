package io.camjar.gradcam.image;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/**
 * The chunks of a PNG file.
 *
 * <p>Compressed texts and profiles can unpack to gigabytes and have no bearing on the pixels, so
 * the reader is given {@link #essential} only.
 */
final class PngChunks {
  private static final Set<String> ESSENTIAL = Set.of("IHDR", "PLTE", "IDAT", "IEND");
  private static final int SIGNATURE = 8;
  private static final int FRAME = 12;

  private PngChunks() {}

  /**
   * The file with the chunks that make its pixels and no others.
   *
   * @throws EOFException if the file ends before its IEND chunk
   */
  static byte[] essential(byte[] file) throws IOException {
    ByteArrayOutputStream kept = new ByteArrayOutputStream(file.length);
    kept.write(file, 0, SIGNATURE);
    int at = SIGNATURE;
    String type = "";
    while (!type.equals("IEND")) {
      int length = length(file, at);
      type = type(file, at);
      if (type.equals("IHDR") && length >= 8) {
        // Before the chunks behind it are even looked at: a bare header may claim anything.
        ByteBuffer size = ByteBuffer.wrap(file, at + 8, 8);
        Limits.check(size.getInt() & 0xffffffffL, size.getInt() & 0xffffffffL);
      }
      if (ESSENTIAL.contains(type)) {
        kept.write(file, at, length + FRAME);
      }
      at += length + FRAME;
    }
    return kept.toByteArray();
  }

  /** The EXIF block, a small TIFF file; empty when there is none. */
  static byte[] exif(byte[] file) throws IOException {
    int at = SIGNATURE;
    while (true) {
      int length = length(file, at);
      String type = type(file, at);
      if (type.equals("eXIf")) {
        return Arrays.copyOfRange(file, at + 8, at + 8 + length);
      }
      if (type.equals("IEND")) {
        return new byte[0];
      }
      at += length + FRAME;
    }
  }

  private static int length(byte[] file, int at) throws IOException {
    if (at + FRAME > file.length) {
      throw new EOFException("no IEND chunk");
    }
    int length = ByteBuffer.wrap(file).getInt(at);
    if (length < 0) {
      throw new IOException("a chunk of negative length");
    }
    // A header may promise a picture too large to hold, however short the file is.
    if (length > file.length - at - FRAME && !type(file, at).equals("IHDR")) {
      throw new EOFException("a chunk leaves the file");
    }
    return length;
  }

  private static String type(byte[] file, int at) {
    return new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
  }
}
