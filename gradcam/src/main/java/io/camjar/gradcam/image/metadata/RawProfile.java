package io.camjar.gradcam.image.metadata;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * ImageMagick's way to keep a block of bytes in a PNG text: the block's name, its length in decimal
 * digits, and its bytes in hexadecimal ones, with line breaks between and inside.
 */
final class RawProfile {
  private static final Pattern HEAD = Pattern.compile("\\A\\s*[^\\n]+\\n\\s*([0-9]{1,9})\\s");

  private RawProfile() {}

  /** The block; what is no hexadecimal digit is passed over, as many bytes as there are. */
  static byte[] decode(byte[] text) {
    String latin = new String(text, StandardCharsets.ISO_8859_1);
    Matcher head = HEAD.matcher(latin);
    if (!head.find()) {
      return new byte[0];
    }
    int promised = Integer.parseInt(head.group(1));
    byte[] out = new byte[Math.min(promised, (latin.length() - head.end()) / 2)];
    int digits = 0;
    for (int i = head.end(); i < latin.length() && digits < 2 * out.length; i++) {
      int digit = Character.digit(latin.charAt(i), 16);
      if (digit >= 0) {
        out[digits / 2] = (byte) (out[digits / 2] << 4 | digit);
        digits++;
      }
    }
    return java.util.Arrays.copyOf(out, digits / 2);
  }
}
