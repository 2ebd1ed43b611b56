package io.camjar.gradcam.render;

import io.camjar.gradcam.image.Box;
import io.camjar.gradcam.image.RgbImage;

/**
 * How everything that camjar draws shows the part of an image that the network did not see: faded
 * to white under thin diagonal lines, in overlays, maps, sheets and thumbnails alike. The page's
 * style sheet draws the same.
 */
final class Unseen {
  /** The white's share. */
  static final double FADE = 0.6;

  private static final int LINE = 0x6a;
  private static final double LINE_SHARE = 0.45;
  private static final int SMALLEST_PERIOD = 6;
  private static final int PERIODS = 48;

  private Unseen() {}

  /** One sample of the image at a place that the network did not see. */
  static byte sample(RgbImage image, int x, int y, int channel) {
    double faded = image.sample(x, y, channel) * (1 - FADE);
    double shown = faded + 255 * FADE;
    int period = Math.max(SMALLEST_PERIOD, Math.max(image.width(), image.height()) / PERIODS);
    boolean line = (x + y) % period < Math.max(1, period / 6);
    return (byte) Math.round(line ? shown * (1 - LINE_SHARE) + LINE * LINE_SHARE : shown);
  }

  /** The image with everything outside a rectangle shown as not seen, by pixels' centres. */
  static RgbImage outside(RgbImage image, Box seen) {
    byte[] out = image.toBytes();
    for (int i = 0; i < out.length; i++) {
      int x = i / 3 % image.width();
      int y = i / 3 / image.width();
      boolean inside =
          x + 0.5 >= seen.left()
              && x + 0.5 < seen.right()
              && y + 0.5 >= seen.top()
              && y + 0.5 < seen.bottom();
      if (!inside) {
        out[i] = sample(image, x, y, i % 3);
      }
    }
    return RgbImage.of(image.width(), image.height(), out);
  }
}
