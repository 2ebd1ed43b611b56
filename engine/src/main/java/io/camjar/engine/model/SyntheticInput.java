package io.camjar.engine.model;

import io.camjar.engine.kernel.HostCopy;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Images without a file, made from the same hash as {@link SyntheticParameters}.
 *
 * <p>Patches of 32 pixels with fine noise on top, values in (-2, 2) as after normalisation, so that
 * distant places of an image differ at every depth of a network.
 */
public final class SyntheticInput {
  private static final int PATCH = 32;

  private SyntheticInput() {}

  /**
   * A batch of images, [count, channels, height, width]; the caller closes it.
   *
   * @param name another name gives other images
   */
  public static INDArray images(String name, int count, int channels, int height, int width) {
    HashedUniform patches = new HashedUniform(name + "/patches");
    HashedUniform noise = new HashedUniform(name + "/noise");
    int rows = (height + PATCH - 1) / PATCH;
    int columns = (width + PATCH - 1) / PATCH;
    float[] values =
        new float[Math.toIntExact(Math.multiplyExact((long) count * channels, height * width))];
    int i = 0;
    for (int plane = 0; plane < count * channels; plane++) {
      for (int y = 0; y < height; y++) {
        int row = plane * rows + y / PATCH;
        for (int x = 0; x < width; x++, i++) {
          values[i] = patches.at((long) row * columns + x / PATCH) * 1.5f + noise.at(i) * 0.5f;
        }
      }
    }
    return HostCopy.array(values, count, channels, height, width);
  }
}
