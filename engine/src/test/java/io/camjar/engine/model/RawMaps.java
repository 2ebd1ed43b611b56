package io.camjar.engine.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Maps from an activation and its gradient, both [N, C, H, W], in plain double loops. */
public final class RawMaps {
  private RawMaps() {}

  /** [N, H, W]: the sum over channels of the gradient's spatial mean times the activation. */
  public static float[] gradCam(INDArray activation, INDArray gradient) {
    return weighted(activation, gradient, true);
  }

  /** [N, H, W]: the sum over channels of gradient times activation, place by place. */
  public static float[] product(INDArray activation, INDArray gradient) {
    return weighted(activation, gradient, false);
  }

  private static float[] weighted(INDArray activation, INDArray gradient, boolean mean) {
    float[] a = activation.dup('c').data().asFloat();
    float[] g = gradient.dup('c').data().asFloat();
    int channels = (int) activation.size(1);
    int places = (int) (activation.size(2) * activation.size(3));
    double[] map = new double[a.length / channels];
    for (int plane = 0; plane < a.length / places; plane++) {
      int from = plane * places;
      double average = average(g, from, places);
      for (int i = 0; i < places; i++) {
        map[plane / channels * places + i] += (mean ? average : g[from + i]) * a[from + i];
      }
    }
    float[] rounded = new float[map.length];
    for (int i = 0; i < map.length; i++) {
      rounded[i] = (float) map[i];
    }
    return rounded;
  }

  private static double average(float[] values, int from, int count) {
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += values[i];
    }
    return sum / count;
  }
}
