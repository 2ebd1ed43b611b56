package io.camjar.gradcam.cli.scene;

import java.awt.Color;

/** Arithmetic on colours whose channels lie in 0..255. */
final class Shade {
  private Shade() {}

  /** {@code a} at {@code t} = 0, {@code b} at 1. */
  static double mix(double a, double b, double t) {
    return a + (b - a) * t;
  }

  /** An opaque packed colour; channels are rounded and clipped. */
  static int rgb(double red, double green, double blue) {
    return 0xFF000000 | channel(red) << 16 | channel(green) << 8 | channel(blue);
  }

  /** Channel 0 (red), 1 (green) or 2 (blue) of a packed colour. */
  static int channelOf(int rgb, int channel) {
    return rgb >> (16 - 8 * channel) & 0xFF;
  }

  /** A colour under brighter or dimmer light. */
  static Color lit(Color colour, double light) {
    return new Color(
        rgb(colour.getRed() * light, colour.getGreen() * light, colour.getBlue() * light));
  }

  private static int channel(double value) {
    return (int) Math.max(0, Math.min(255, Math.rint(value)));
  }
}
