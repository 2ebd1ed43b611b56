package io.camjar.gradcam.method;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.SyntheticParameters;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The activations and gradients of methods.py, from the same hash. */
public final class HashedSample {
  private HashedSample() {}

  /** A case of methods.py. */
  public static LayerSample of(String name) {
    return switch (name) {
      case "relu" -> sample(name, 6, 5, 7, true, 0.125f);
      case "signed" -> sample(name, 9, 4, 3, false, 1);
      case "wide" -> sample(name, 40, 3, 3, true, 0x1p-10f);
      case "deep" -> sample(name, 30, 6, 5, true, 0x1p-5f);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static LayerSample sample(
      String name, int channels, int height, int width, boolean relu, float size) {
    int count = channels * height * width;
    float[] activations = uniform(name + "/a", count);
    float[] gradients = uniform(name + "/g", count);
    for (int i = 0; i < count; i++) {
      activations[i] = relu ? Math.max(activations[i], 0) : activations[i];
      gradients[i] *= size;
    }
    return LayerSample.of("layer4.1", channels, height, width, activations, gradients);
  }

  /** Numbers in (-1, 1). */
  public static float[] uniform(String name, int count) {
    try (INDArray quarter = new SyntheticParameters().get(name, count)) {
      float[] values = HostCopy.floats(quarter);
      for (int i = 0; i < count; i++) {
        values[i] *= 4;
      }
      return values;
    }
  }
}
