package io.camjar.gradcam.scaling;

/** pytorch-grad-cam's {@code scale_cam_image} ({@code utils/image.py}), in its float arithmetic. */
public final class MinMax {
  /** Keeps the division of a constant map finite. */
  private static final double EPSILON = 1e-7;

  private MinMax() {}

  /** {@code x -= min(x); x /= 1e-7 + max(x)}: a constant map becomes 0. */
  public static float[] scale(float[] values) {
    return scale(values, EPSILON);
  }

  static float[] scale(float[] values, double epsilon) {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return shiftAndDivide(values, low, epsilon + (high - low));
  }

  /** {@code (x - low) / divisor}, and 0 where the divisor is 0. */
  static float[] shiftAndDivide(float[] values, float low, double divisor) {
    float rounded = (float) divisor;
    float[] scaled = new float[values.length];
    if (rounded > 0) {
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] = (values[i] - low) / rounded;
      }
    }
    return scaled;
  }

  /** {@code max(x, 0)}. */
  public static float[] rectify(float[] values) {
    return floor(values, 0);
  }

  static float[] floor(float[] values, float least) {
    float[] floored = new float[values.length];
    for (int i = 0; i < floored.length; i++) {
      floored[i] = Math.max(values[i], least);
    }
    return floored;
  }
}
