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
  public boolean readsGradientMeansOnly() {
    return true;
  }

  @Override
  public double[] weights(LayerSample sample, Subject subject) {
    return sample.gradientMeans();
  }
}
