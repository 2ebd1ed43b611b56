package io.camjar.gradcam.render;

import io.camjar.gradcam.image.RgbImage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Animated GIF files, each frame with the 256 colours that suit it best.
 *
 * <p>Source: CompuServe's GIF89a specification and Netscape's looping extension.
 */
final class Gif {
  private static final int COLOR_BITS = 8;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private Gif() {}

  /**
   * The bytes of an endless animation.
   *
   * @param frames pictures of one size, each side at most 65,535
   * @param hundredths how long each is shown, in hundredths of a second
   */
  static byte[] encode(List<RgbImage> frames, List<Integer> hundredths) {
    Gif gif = new Gif();
    gif.screen(frames.get(0));
    for (int i = 0; i < frames.size(); i++) {
      gif.frame(frames.get(i), hundredths.get(i));
    }
    gif.out.write(0x3b);
    return gif.out.toByteArray();
  }

  private void screen(RgbImage first) {
    text("GIF89a");
    number(first.width());
    number(first.height());
    bytes(0x70, 0, 0); // No global colours; eight bits a sample.
    bytes(0x21, 0xff, 11);
    text("NETSCAPE2.0");
    bytes(3, 1, 0, 0, 0); // Loop for ever.
  }

  private void frame(RgbImage image, int hundredths) {
    bytes(0x21, 0xf9, 4, 0);
    number(hundredths);
    bytes(0, 0);
    bytes(0x2c, 0, 0, 0, 0);
    number(image.width());
    number(image.height());
    bytes(0x80 | (COLOR_BITS - 1));
    Palette.Indexed indexed = Palette.reduce(image);
    for (int i = 0; i < 1 << COLOR_BITS; i++) {
      int color = i < indexed.colors().length ? indexed.colors()[i] : 0;
      bytes(color >> 16, color >> 8, color);
    }
    bytes(COLOR_BITS);
    byte[] packed = Lzw.pack(indexed.pixels(), COLOR_BITS);
    for (int at = 0; at < packed.length; at += 255) {
      int length = Math.min(255, packed.length - at);
      out.write(length);
      out.write(packed, at, length);
    }
    out.write(0);
  }

  private void text(String ascii) {
    out.writeBytes(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  private void number(int value) {
    bytes(value, value >> 8);
  }

  private void bytes(int... values) {
    for (int value : values) {
      out.write(value);
    }
  }
}
