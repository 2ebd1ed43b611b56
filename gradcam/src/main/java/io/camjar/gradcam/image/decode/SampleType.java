package io.camjar.gradcam.image.decode;

/**
 * A kind of number that pixels are made of.
 *
 * @param bits how many of them count
 */
record SampleType(int bits, boolean signed, boolean floating) {
  static SampleType unsigned(int bits) {
    return new SampleType(bits, false, false);
  }

  /** Whether it is known which values are black and white: 0 and the largest there can be. */
  boolean hasKnownRange() {
    return !signed && !floating && bits <= 16;
  }

  /** The value of a sample whose bits came as they are stored. */
  double value(double stored) {
    if (floating) {
      return stored;
    }
    int shift = 32 - bits;
    int aligned = (int) (long) stored << shift;
    return signed ? aligned >> shift : (aligned & 0xffffffffL) >>> shift;
  }

  /** The largest there can be; 1 for floating-point numbers, by convention. */
  double largest() {
    return floating ? 1 : Math.pow(2, signed ? bits - 1 : bits) - 1;
  }

  @Override
  public String toString() {
    return floating ? "floating-point" : (signed ? "signed " : "") + bits + "-bit";
  }
}
