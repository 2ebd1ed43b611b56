package io.camjar.gradcam.render;

import io.camjar.gradcam.image.RgbImage;

/** A sheet of pixels to draw on; what falls outside is cut off. Not for several threads. */
final class Canvas {
  private final int width;
  private final int height;
  private final byte[] rgb;

  /** A sheet of one colour, {@code 0xrrggbb}. */
  Canvas(int width, int height, int color) {
    this.width = width;
    this.height = height;
    this.rgb = new byte[width * height * 3];
    fill(0, 0, width, height, color);
  }

  void fill(int left, int top, int w, int h, int color) {
    for (int y = top; y < top + h; y++) {
      for (int x = left; x < left + w; x++) {
        blend(x, y, color, 1);
      }
    }
  }

  /** A filled rectangle whose corners are rounded by {@code radius} pixels. */
  void pill(double left, double top, double w, double h, double radius, int color) {
    for (int y = (int) Math.floor(top); y < Math.ceil(top + h); y++) {
      for (int x = (int) Math.floor(left); x < Math.ceil(left + w); x++) {
        blend(x, y, color, rounded(x + 0.5 - left, y + 0.5 - top, w, h, radius));
      }
    }
  }

  /** An image with rounded corners. */
  void image(RgbImage image, int left, int top, double radius) {
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        double share = rounded(x + 0.5, y + 0.5, image.width(), image.height(), radius);
        int color =
            image.sample(x, y, 0) << 16 | image.sample(x, y, 1) << 8 | image.sample(x, y, 2);
        blend(left + x, top + y, color, share);
      }
    }
  }

  /** How much of the pixel around ({@code x}, {@code y}) a rounded rectangle covers. */
  private static double rounded(double x, double y, double w, double h, double radius) {
    double dx = Math.max(radius - Math.min(x, w - x), 0);
    double dy = Math.max(radius - Math.min(y, h - y), 0);
    return dx > 0 && dy > 0 ? radius + 0.5 - Math.hypot(dx, dy) : 1;
  }

  /** Mixes {@code share} (cut to 0..1) of a colour into one pixel. */
  void blend(int x, int y, int color, double share) {
    if (share <= 0 || x < 0 || y < 0 || x >= width || y >= height) {
      return;
    }
    double part = Math.min(share, 1);
    int at = (y * width + x) * 3;
    for (int c = 0; c < 3; c++) {
      int under = rgb[at + c] & 0xff;
      int over = color >> (16 - 8 * c) & 0xff;
      rgb[at + c] = (byte) Math.round(under + (over - under) * part);
    }
  }

  RgbImage toImage() {
    return RgbImage.of(width, height, rgb);
  }
}
