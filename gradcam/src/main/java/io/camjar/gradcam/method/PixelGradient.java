package io.camjar.gradcam.method;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.image.RgbImage;

/**
 * A gradient at every pixel and channel of the network's input.
 *
 * @param channels of the input
 * @param height rows
 * @param width columns
 * @param values {@code [channels][height][width]} flattened
 */
@SuppressWarnings("ArrayRecordComponent") // A tensor without a tensor library; never compared.
public record PixelGradient(int channels, int height, int width, float[] values) {
  private static final double EPSILON = 1e-5;
  private static final double SPREAD = 0.1;
  private static final double MIDDLE = 0.5;

  /** Whether it can be {@link #deprocess drawn}: of one channel or three. */
  public boolean isDrawable() {
    return channels == 1 || channels == 3;
  }

  /**
   * The gradient as an image, gray where it is average: {@code (x - mean) / (std + 1e-5) * 0.1 +
   * 0.5}, cut to 0..1, as pytorch-grad-cam's {@code deprocess_image} ({@code utils/image.py}).
   *
   * @throws CamjarException if the input has neither one channel nor three
   */
  public RgbImage deprocess() {
    if (!isDrawable()) {
      throw new CamjarException(
          "a gradient of %d channels cannot be drawn, expected 1 or 3".formatted(channels));
    }
    double mean = Floats.sum(values, 0, values.length) / values.length;
    double squares = 0;
    for (float value : values) {
      squares += (value - mean) * (value - mean);
    }
    double std = Math.sqrt(squares / values.length);
    int cells = height * width;
    byte[] rgb = new byte[3 * cells];
    for (int i = 0; i < rgb.length; i++) {
      float value = values[i % 3 % channels * cells + i / 3];
      double shown = (value - mean) / (std + EPSILON) * SPREAD + MIDDLE;
      rgb[i] = (byte) (int) (Math.max(0, Math.min(1, shown)) * 255);
    }
    return RgbImage.of(width, height, rgb);
  }

  /** At each pixel the sum over channels of the gradient's size. */
  float[] magnitude() {
    double[] sum = new double[height * width];
    for (int i = 0; i < values.length; i++) {
      sum[i % sum.length] += Math.abs(values[i]);
    }
    return Floats.of(sum);
  }

  /** Each pixel's gradient times that pixel's mask. */
  PixelGradient times(float[] mask) {
    float[] product = new float[values.length];
    for (int i = 0; i < product.length; i++) {
      product[i] = values[i] * mask[i % mask.length];
    }
    return new PixelGradient(channels, height, width, product);
  }
}
