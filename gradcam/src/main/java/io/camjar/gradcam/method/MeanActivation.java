package io.camjar.gradcam.method;

import java.util.Arrays;

/**
 * The mean over channels of the activations: where a layer is busy, whatever the class. Not
 * class-discriminative.
 */
final class MeanActivation implements WeightedCam, ClassBlindCam {
  @Override
  public String name() {
    return "meanactivation";
  }

  @Override
  public double[] weights(LayerSample sample, Subject subject) {
    double[] weights = new double[sample.channels()];
    Arrays.fill(weights, 1.0 / weights.length);
    return weights;
  }
}
