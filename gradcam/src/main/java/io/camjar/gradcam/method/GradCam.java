package io.camjar.gradcam.method;

/**
 * Grad-CAM: {@code w_c} is the mean over space of the gradient.
 *
 * <p>Selvaraju et al. 2017, arXiv 1610.02391; weights as in pytorch-grad-cam's {@code grad_cam.py}.
 */
final class GradCam implements WeightedCam {
  @Override
  public String name() {
    return "gradcam";
  }

  @Override
  public double[] weights(LayerSample sample, Subject subject) {
    int cells = sample.cells();
    double[] weights = new double[sample.channels()];
    for (int c = 0; c < weights.length; c++) {
      weights[c] = Floats.sum(sample.gradients(), c * cells, cells) / cells;
    }
    return weights;
  }
}
