package io.camjar.gradcam.method;

/** Sums are kept in double precision and rounded once. */
final class Floats {
  private Floats() {}

  static float[] of(double[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
    }
    return rounded;
  }

  /** The sum of {@code count} values from {@code from} on. */
  static double sum(float[] values, int from, int count) {
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += values[i];
    }
    return sum;
  }

  /**
   * Whether {@code count} values, {@code step} apart from {@code from} on, are all {@code value}.
   */
  static boolean are(float value, float[] values, int from, int count, int step) {
    for (int i = 0; i < count; i++) {
      if (values[from + i * step] != value) {
        return false;
      }
    }
    return true;
  }
}
