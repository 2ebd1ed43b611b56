package io.camjar.gradcam.math;

import org.jspecify.annotations.Nullable;

/** Numbers that JSON and tables can hold: they know neither NaN nor infinity. */
public final class Finite {
  private Finite() {}

  /** The number, or null if it is not finite. */
  public static @Nullable Double orNull(double value) {
    return Double.isFinite(value) ? value : null;
  }

  /** The number, or null if it is not finite. */
  public static @Nullable Float orNull(float value) {
    return Float.isFinite(value) ? value : null;
  }

  /** Whether every number is finite. */
  public static boolean all(float... values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
