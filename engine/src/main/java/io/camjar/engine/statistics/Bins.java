package io.camjar.engine.statistics;

/**
 * The bins of a {@link Summary}'s histogram: a bin a power of two, for each sign, and one for what
 * is nearer to zero than the smallest. Gradients of a network differ by many powers of ten, and
 * bins that are the same for all tensors can be added and compared.
 */
public final class Bins {
  /** Powers of two that have a bin for each sign. */
  public static final int POWERS = 64;

  /** The exponent of the smallest power. */
  public static final int LOWEST = -40;

  /** Bins in all. */
  public static final int COUNT = 2 * POWERS + 1;

  private static final int MANTISSA_BITS = 23;
  private static final int EXPONENT = 0xff;
  private static final int BIAS = 127;

  private Bins() {}

  /**
   * The bin of a finite number. Bins go from the largest negative numbers to the largest positive
   * ones; the first and the last hold what is beyond them too.
   */
  public static int of(float value) {
    int bits = Float.floatToRawIntBits(value);
    int power = ((bits >>> MANTISSA_BITS) & EXPONENT) - BIAS - LOWEST;
    if (power < 0) {
      return POWERS;
    }
    int kept = Math.min(power, POWERS - 1);
    return bits < 0 ? POWERS - 1 - kept : POWERS + 1 + kept;
  }

  /** The {@code COUNT + 1} edges between bins, ascending. */
  public static double[] edges() {
    double[] edges = new double[COUNT + 1];
    for (int i = 0; i <= POWERS; i++) {
      double edge = Math.scalb(1.0, LOWEST + i);
      edges[POWERS - i] = -edge;
      edges[POWERS + 1 + i] = edge;
    }
    return edges;
  }
}
