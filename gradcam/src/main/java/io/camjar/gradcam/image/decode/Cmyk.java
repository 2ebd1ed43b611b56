package io.camjar.gradcam.image.decode;

/** CMYK to RGB as libjpeg and Pillow do it: plain arithmetic, no colour profile. */
final class Cmyk {
  private Cmyk() {}

  /**
   * Pillow's {@code cmyk2rgb} ({@code libImaging/Convert.c}).
   *
   * @param cmyk interleaved samples, 255 is full ink
   */
  static Rgb toRgb(byte[] cmyk, int width, int height) {
    byte[] out = new byte[width * height * 3];
    for (int i = 0; i < width * height; i++) {
      int paper = 255 - (cmyk[4 * i + 3] & 0xff);
      for (int c = 0; c < 3; c++) {
        // MULDIV255: the product divided by 255 and rounded.
        int product = (cmyk[4 * i + c] & 0xff) * paper + 128;
        out[3 * i + c] = (byte) Math.max(paper - (((product >> 8) + product) >> 8), 0);
      }
    }
    return new Rgb(width, height, out);
  }

  /**
   * Adobe stores CMYK in JPEG files upside down, and Pillow takes every such file to be Adobe's.
   */
  static void invert(byte[] cmyk) {
    for (int i = 0; i < cmyk.length; i++) {
      cmyk[i] = (byte) ~cmyk[i];
    }
  }

  /** libjpeg's {@code ycck_cmyk_convert} ({@code jdcolor.c}), in place. */
  static void fromYcck(byte[] ycck) {
    for (int i = 0; i < ycck.length; i += 4) {
      int y = ycck[i] & 0xff;
      int cb = (ycck[i + 1] & 0xff) - 128;
      int cr = (ycck[i + 2] & 0xff) - 128;
      int red = y + ((91881 * cr + 32768) >> 16);
      int green = y + ((-22554 * cb - 46802 * cr + 32768) >> 16);
      int blue = y + ((116130 * cb + 32768) >> 16);
      ycck[i] = clip(255 - red);
      ycck[i + 1] = clip(255 - green);
      ycck[i + 2] = clip(255 - blue);
    }
  }

  private static byte clip(int value) {
    return (byte) Math.max(0, Math.min(255, value));
  }
}
