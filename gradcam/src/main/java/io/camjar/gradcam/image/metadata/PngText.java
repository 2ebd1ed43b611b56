package io.camjar.gradcam.image.metadata;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.InflaterInputStream;

/**
 * A text in a PNG file, of the chunks tEXt, zTXt and iTXt.
 *
 * @param keyword what the text is about
 * @param body its bytes, unpacked as far as {@link #MOST}
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on; never compared.
record PngText(String keyword, byte[] body) {
  /** Metadata that says which way is up is short; what is longer is cut off. */
  static final int MOST = 4 << 20;

  private static final PngText NOTHING = new PngText("", new byte[0]);

  /** The text of a chunk; without a keyword if the chunk is no text or a damaged one. */
  static PngText of(String type, byte[] chunk) {
    int end = zero(chunk, 0);
    if (end < 0) {
      return NOTHING;
    }
    String keyword = new String(chunk, 0, end, StandardCharsets.ISO_8859_1);
    return switch (type) {
      case "tEXt" -> new PngText(keyword, behind(chunk, end + 1));
      // One byte names the compression, of which there is one kind.
      case "zTXt" -> new PngText(keyword, inflate(behind(chunk, end + 2)));
      case "iTXt" -> international(keyword, chunk, end);
      default -> NOTHING;
    };
  }

  private static PngText international(String keyword, byte[] chunk, int end) {
    int language = end + 3;
    int translated = zero(chunk, language) + 1;
    int text = translated > 0 ? zero(chunk, translated) + 1 : 0;
    if (text == 0) {
      return NOTHING;
    }
    boolean packed = chunk[end + 1] == 1;
    byte[] body = behind(chunk, text);
    return new PngText(keyword, packed ? inflate(body) : body);
  }

  private static int zero(byte[] chunk, int from) {
    for (int i = from; i < chunk.length; i++) {
      if (chunk[i] == 0) {
        return i;
      }
    }
    return -1;
  }

  private static byte[] behind(byte[] chunk, int from) {
    return Arrays.copyOfRange(chunk, Math.min(from, chunk.length), chunk.length);
  }

  private static byte[] inflate(byte[] packed) {
    try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(packed))) {
      return in.readNBytes(MOST);
    } catch (IOException e) {
      // A damaged text is none; the pixels do not depend on it.
      return new byte[0];
    }
  }
}
