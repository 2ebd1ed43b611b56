package io.camjar.gradcam.image;

import io.camjar.engine.kernel.HostCopy;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An image as a network wants it, and where on the image it came from.
 *
 * @param channels 3, or 1 for gray
 * @param height rows of the network's input
 * @param width columns of the network's input
 * @param values normalised samples, {@code [channels][height][width]} flattened
 * @param region the rectangle of the image that the input shows, in the image's pixels
 */
@SuppressWarnings("ArrayRecordComponent") // A tensor without its tensor library; never compared.
public record Preprocessed(int channels, int height, int width, float[] values, Box region) {
  /** The input as {@code [1, channels, height, width]}, float32; the caller closes it. */
  public INDArray toINDArray() {
    return HostCopy.array(values, 1, channels, height, width);
  }
}
