package io.camjar.gradcam.method;

/**
 * XGrad-CAM: {@code w_c = sum g A / (sum A + 1e-7)}, both over space.
 *
 * <p>Fu et al. 2020, arXiv 2008.02312; as pytorch-grad-cam's {@code xgrad_cam.py}.
 */
final class XGradCam implements WeightedCam {
  private static final double EPSILON = 1e-7;

  @Override
  public String name() {
    return "xgradcam";
  }

  @Override
  public double[] weights(LayerSample sample, Subject subject) {
    int cells = sample.cells();
    double[] weights = new double[sample.channels()];
    for (int c = 0; c < weights.length; c++) {
      double product = 0;
      for (int i = c * cells; i < (c + 1) * cells; i++) {
        product += (double) sample.gradients()[i] * sample.activations()[i];
      }
      weights[c] = product / (Floats.sum(sample.activations(), c * cells, cells) + EPSILON);
    }
    return weights;
  }
}
