package io.camjar.engine.gpu.math;

/** IEEE 754's binary16. */
final class Float16 {
  /** Magnitudes from here on become infinite. */
  static final float INFINITE = 65520;

  private static final int MANTISSA = 10;
  private static final int DROPPED = 23 - MANTISSA;
  private static final int LEAST_EXPONENT = -14;
  private static final int MOST_EXPONENT = 15;
  private static final int INFINITY = 0x7c00;

  private Float16() {}

  /** The bits of the nearest number, halves to even; infinity from 65520 on. */
  static int bits(float value) {
    int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
    float magnitude = Math.abs(value);
    if (Float.isNaN(value)) {
      return sign | INFINITY | 1 << (MANTISSA - 1);
    }
    int exponent = Math.getExponent(magnitude);
    if (exponent > MOST_EXPONENT) {
      return sign | INFINITY;
    }
    if (exponent < LEAST_EXPONENT) {
      // A multiple of the least magnitude; 1024 of them are the least normal number.
      return sign | (int) Math.rint(Math.scalb((double) magnitude, MANTISSA - LEAST_EXPONENT));
    }
    int bits = Float.floatToRawIntBits(magnitude) - (127 + LEAST_EXPONENT - 1 << 23);
    int half = (1 << (DROPPED - 1)) - 1;
    // A carry out of the mantissa raises the exponent, and past the last one gives infinity.
    return sign | (bits + half + (bits >>> DROPPED & 1)) >>> DROPPED;
  }

  /** Two numbers in a word, the first in its lower half. */
  static int packed(float low, float high) {
    return bits(low) | bits(high) << 16;
  }
}
