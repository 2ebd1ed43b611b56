package io.camjar.gradcam.render;

import io.camjar.gradcam.image.RgbImage;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Brings an image down to 256 colours by median cut (Heckbert 1982) over a histogram of 5 bits a
 * channel, with ordered dithering against bands in the heat.
 */
final class Palette {
  private static final int BITS = 5;
  private static final int LEVELS = 1 << BITS;
  private static final int COLORS = 256;

  /** Bayer's 4 x 4 matrix. */
  private static final int[] BAYER = {0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5};

  private final int[] count = new int[LEVELS * LEVELS * LEVELS];
  private final long[][] sum = new long[3][LEVELS * LEVELS * LEVELS];

  private Palette(byte[] rgb) {
    for (int i = 0; i < rgb.length; i += 3) {
      int cell = cell(rgb[i] & 0xff, rgb[i + 1] & 0xff, rgb[i + 2] & 0xff);
      count[cell]++;
      for (int c = 0; c < 3; c++) {
        sum[c][cell] += rgb[i + c] & 0xff;
      }
    }
  }

  /**
   * An image of few colours.
   *
   * @param colors {@code 0xrrggbb} each, at most 256
   * @param pixels which colour each pixel has, row by row
   */
  @SuppressWarnings("ArrayRecordComponent") // Written out at once; never compared.
  record Indexed(int[] colors, byte[] pixels) {}

  /** The image in at most 256 colours. */
  static Indexed reduce(RgbImage image) {
    byte[] rgb = image.toBytes();
    int[] colors = new Palette(rgb).colors();
    byte[] pixels = new byte[image.width() * image.height()];
    int[] nearest = new int[LEVELS * LEVELS * LEVELS];
    for (int i = 0; i < pixels.length; i++) {
      int nudge = BAYER[(i / image.width() & 3) * 4 + (i % image.width() & 3)] / 2 - 4;
      int cell =
          cell(
              clip((rgb[3 * i] & 0xff) + nudge),
              clip((rgb[3 * i + 1] & 0xff) + nudge),
              clip((rgb[3 * i + 2] & 0xff) + nudge));
      if (nearest[cell] == 0) {
        nearest[cell] = 1 + closest(colors, cell);
      }
      pixels[i] = (byte) (nearest[cell] - 1);
    }
    return new Indexed(colors, pixels);
  }

  private static int clip(int value) {
    return Math.max(0, Math.min(255, value));
  }

  private static int cell(int red, int green, int blue) {
    int drop = 8 - BITS;
    return (red >> drop) << 2 * BITS | (green >> drop) << BITS | blue >> drop;
  }

  private static int level(int cell, int channel) {
    return cell >> (2 - channel) * BITS & (LEVELS - 1);
  }

  private static int closest(int[] colors, int cell) {
    int best = 0;
    int distance = Integer.MAX_VALUE;
    for (int i = 0; i < colors.length; i++) {
      int d = 0;
      for (int c = 0; c < 3; c++) {
        int middle = (level(cell, c) << (8 - BITS)) + (1 << (7 - BITS));
        int off = (colors[i] >> (16 - 8 * c) & 0xff) - middle;
        d += off * off;
      }
      if (d < distance) {
        distance = d;
        best = i;
      }
    }
    return best;
  }

  private int[] colors() {
    PriorityQueue<Bin> bins = new PriorityQueue<>(Comparator.comparingLong(Bin::weight).reversed());
    bins.add(new Bin(new int[] {0, 0, 0}, new int[] {LEVELS, LEVELS, LEVELS}));
    while (bins.size() < COLORS && bins.peek().weight() > 0) {
      Bin widest = bins.remove();
      int channel = widest.longest();
      int cut = widest.median(channel);
      bins.add(widest.part(channel, widest.low[channel], cut));
      bins.add(widest.part(channel, cut, widest.high[channel]));
    }
    return bins.stream().filter(bin -> bin.pixels > 0).mapToInt(Bin::mean).toArray();
  }

  /** A box of the histogram, shrunk to the colours that occur. */
  private final class Bin {
    private final int[] low;
    private final int[] high;
    private long pixels;

    Bin(int[] from, int[] to) {
      low = to.clone();
      high = from.clone();
      for (int r = from[0]; r < to[0]; r++) {
        for (int g = from[1]; g < to[1]; g++) {
          for (int b = from[2]; b < to[2]; b++) {
            int cell = r << 2 * BITS | g << BITS | b;
            if (count[cell] > 0) {
              pixels += count[cell];
              stretch(cell);
            }
          }
        }
      }
    }

    private void stretch(int cell) {
      for (int c = 0; c < 3; c++) {
        low[c] = Math.min(low[c], level(cell, c));
        high[c] = Math.max(high[c], level(cell, c) + 1);
      }
    }

    /** What there is to gain by cutting; 0 when there is but one colour. */
    long weight() {
      return pixels == 0 ? 0 : pixels * (high[longest()] - low[longest()] - 1);
    }

    int longest() {
      int best = 0;
      for (int c = 1; c < 3; c++) {
        if (high[c] - low[c] > high[best] - low[best]) {
          best = c;
        }
      }
      return best;
    }

    /** Where the channel is cut so that about half the pixels lie on each side. */
    int median(int channel) {
      long[] line = new long[LEVELS];
      for (int r = low[0]; r < high[0]; r++) {
        for (int g = low[1]; g < high[1]; g++) {
          for (int b = low[2]; b < high[2]; b++) {
            int cell = r << 2 * BITS | g << BITS | b;
            line[level(cell, channel)] += count[cell];
          }
        }
      }
      long passed = 0;
      for (int at = low[channel]; at < high[channel] - 1; at++) {
        passed += line[at];
        if (2 * passed >= pixels) {
          return at + 1;
        }
      }
      return high[channel] - 1;
    }

    Bin part(int channel, int from, int to) {
      int[] partLow = low.clone();
      int[] partHigh = high.clone();
      partLow[channel] = from;
      partHigh[channel] = to;
      return new Bin(partLow, partHigh);
    }

    int mean() {
      int color = 0;
      for (int c = 0; c < 3; c++) {
        long total = 0;
        for (int r = low[0]; r < high[0]; r++) {
          for (int g = low[1]; g < high[1]; g++) {
            for (int b = low[2]; b < high[2]; b++) {
              total += sum[c][r << 2 * BITS | g << BITS | b];
            }
          }
        }
        color = color << 8 | (int) (total / pixels);
      }
      return color;
    }
  }
}
