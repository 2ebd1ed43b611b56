package io.camjar.gradcam.method;

/**
 * Grad-CAM++: {@code w_c = sum max(g, 0) a} over space, with {@code a = g^2 / (2 g^2 + g^3 sum A +
 * 1e-6)} and 0 where {@code g} is 0.
 *
 * <p>Chattopadhyay et al. 2018, arXiv 1710.11063, equation 19, which needs first derivatives only;
 * as pytorch-grad-cam's {@code grad_cam_plusplus.py}.
 */
final class GradCamPlusPlus implements WeightedCam {
  private static final double EPSILON = 1e-6;

  @Override
  public String name() {
    return "gradcam++";
  }

  @Override
  public double[] weights(LayerSample sample, Subject subject) {
    int cells = sample.cells();
    double[] weights = new double[sample.channels()];
    for (int c = 0; c < weights.length; c++) {
      double total = Floats.sum(sample.activations(), c * cells, cells);
      for (int i = c * cells; i < (c + 1) * cells; i++) {
        double g = sample.gradients()[i];
        // A gradient that is not positive adds nothing; NaN must add itself, so that it is seen.
        if (!(g <= 0)) {
          weights[c] += g * (g * g / (2 * g * g + total * g * g * g + EPSILON));
        }
      }
    }
    return weights;
  }
}
