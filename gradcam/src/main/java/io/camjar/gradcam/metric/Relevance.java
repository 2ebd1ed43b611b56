package io.camjar.gradcam.metric;

import java.util.Arrays;

/** Pixels by what a map says of them. */
final class Relevance {
  private Relevance() {}

  /** Pixel indices, the most relevant first; of equals the first in row order stays first. */
  static int[] descending(float[] map) {
    long[] keys = new long[map.length];
    for (int i = 0; i < keys.length; i++) {
      int bits = Float.floatToIntBits(map[i] + 0.0f); // -0 is no less than 0
      int ascending = bits < 0 ? bits ^ Integer.MAX_VALUE : bits; // as Float.compare orders them
      keys[i] = (long) ~ascending << Integer.SIZE | i;
    }
    Arrays.sort(keys);
    int[] order = new int[keys.length];
    Arrays.setAll(order, i -> (int) keys[i]);
    return order;
  }
}
