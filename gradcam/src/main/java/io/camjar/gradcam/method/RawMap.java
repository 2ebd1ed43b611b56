package io.camjar.gradcam.method;

import org.jspecify.annotations.Nullable;

/**
 * A map before ReLU and scaling.
 *
 * @param height rows
 * @param width columns
 * @param values signed, {@code [height][width]} flattened
 * @param pixels the gradient that the values sum up, where a method works on the image's pixels
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on at once; never compared.
public record RawMap(int height, int width, float[] values, @Nullable PixelGradient pixels) {
  /**
   * A map at a layer's own resolution.
   *
   * @param values signed, {@code [height][width]} of the layer flattened; taken over
   */
  public static RawMap of(LayerSample sample, float[] values) {
    return new RawMap(sample.height(), sample.width(), values, null);
  }

  /** A map at a layer's own resolution, rounded once. */
  public static RawMap of(LayerSample sample, double[] values) {
    return of(sample, Floats.of(values));
  }
}
