package io.camjar.gradcam.image.metadata;

import io.camjar.gradcam.image.samples.Limits;
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
 * the reader is given {@link #essential} only, and texts are unpacked as far as metadata goes.
 */
public final class PngChunks {
  private static final Set<String> ESSENTIAL = Set.of("IHDR", "PLTE", "IDAT", "IEND");
  private static final Set<String> TEXTS = Set.of("tEXt", "zTXt", "iTXt");
  private static final int SIGNATURE = 8;
  private static final int FRAME = 12;

  private PngChunks() {}

  /**
   * The file with the chunks that make its pixels and no others.
   *
   * @throws EOFException if the file ends before its IEND chunk
   */
  public static byte[] essential(byte[] file) throws IOException {
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

  /** Which way the file says is up: in eXIf, or in the texts that came before that chunk. */
  public static OrientationTag orientation(byte[] file) throws IOException {
    byte[] exif = {};
    byte[] exifInText = {};
    byte[] xmp = {};
    int at = SIGNATURE;
    String type = "";
    while (!type.equals("IEND")) {
      int length = length(file, at);
      type = type(file, at);
      if (type.equals("eXIf")) {
        exif = body(file, at, length);
      } else if (TEXTS.contains(type)) {
        PngText text = PngText.of(type, body(file, at, length));
        switch (text.keyword()) {
          case "Raw profile type exif" -> exifInText = RawProfile.decode(text.body());
          case "Raw profile type APP1" -> {
            // JPEG's APP1 blocks, of which XMP is one kind.
            byte[] block = RawProfile.decode(text.body());
            if (Bytes.starts(block, 0, OrientationTag.XMP_PREFIX)) {
              xmp = block;
            } else {
              exifInText = block;
            }
          }
          case "Raw profile type xmp" -> xmp = RawProfile.decode(text.body());
          case "XML:com.adobe.xmp" -> xmp = text.body();
          default -> {}
        }
      }
      at += length + FRAME;
    }
    return OrientationTag.of(exif.length > 0 ? exif : exifInText, xmp);
  }

  private static byte[] body(byte[] file, int at, int length) {
    return Arrays.copyOfRange(file, at + 8, at + 8 + length);
  }

  private static int length(byte[] file, int at) throws IOException {
    if (at + FRAME > file.length) {
      throw new EOFException("no IEND chunk");
    }
    int length = ByteBuffer.wrap(file).getInt(at);
    if (length < 0) {
      throw new IOException("a chunk of negative length");
    }
    // A header may promise an image too large to hold, however short the file is.
    if (length > file.length - at - FRAME && !type(file, at).equals("IHDR")) {
      throw new EOFException("a chunk leaves the file");
    }
    return length;
  }

  private static String type(byte[] file, int at) {
    return new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
  }
}
