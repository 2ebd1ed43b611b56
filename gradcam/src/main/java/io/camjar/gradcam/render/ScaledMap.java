package io.camjar.gradcam.render;

import io.camjar.engine.CamjarException;

/**
 * A map ready to be shown, at its layer's own resolution.
 *
 * @param height rows
 * @param width columns
 * @param values 0 to 1, {@code [height][width]} flattened; copied; what lies outside becomes the
 *     nearer end, NaN becomes 0
 */
@SuppressWarnings("ArrayRecordComponent") // A matrix without a matrix library; never compared.
public record ScaledMap(int height, int width, float[] values) {
  /**
   * Refuses a length that does not fit the sides, and copies the values.
   *
   * @throws CamjarException if it does not, or a side is below 1
   */
  public ScaledMap {
    if (height < 1 || width < 1 || values.length != (long) height * width) {
      throw new CamjarException(
          "A map of %d x %d cells needs %d values, but %d were given."
              .formatted(height, width, (long) height * width, values.length));
    }
    float[] clean = new float[values.length];
    for (int i = 0; i < clean.length; i++) {
      clean[i] = Float.isNaN(values[i]) ? 0 : Math.max(0, Math.min(1, values[i]));
    }
    values = clean;
  }

  /** A map of one value, for a layer that has nothing to show. */
  public static ScaledMap zero() {
    return new ScaledMap(1, 1, new float[1]);
  }
}
