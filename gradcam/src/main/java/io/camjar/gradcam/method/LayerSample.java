package io.camjar.gradcam.method;

/**
 * What one layer did for one picture and one score.
 *
 * @param layer the layer's path
 * @param channels feature maps of the layer
 * @param height rows of each
 * @param width columns of each
 * @param activations the layer's output, {@code [channels][height][width]} flattened
 * @param gradients the derivative of the score with respect to it, of the same layout; empty where
 *     the method uses none
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on at once; never compared.
public record LayerSample(
    String layer, int channels, int height, int width, float[] activations, float[] gradients) {
  /** Cells of one feature map. */
  public int cells() {
    return height * width;
  }
}
