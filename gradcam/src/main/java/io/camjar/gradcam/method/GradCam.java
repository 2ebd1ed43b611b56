package io.camjar.gradcam.method;

/**
 * Grad-CAM: {@code sum_c w_c A_c}, where {@code w_c} is the mean over space of the gradient.
 *
 * <p>Selvaraju et al. 2017, arXiv 1610.02391; weights as in pytorch-grad-cam's {@code grad_cam.py}.
 */
final class GradCam implements CamMethod {
  @Override
  public String name() {
    return "gradcam";
  }

  @Override
  public float[] map(LayerSample sample) {
    int cells = sample.cells();
    double[] sum = new double[cells];
    for (int c = 0; c < sample.channels(); c++) {
      double weight = mean(sample.gradients(), c * cells, cells);
      for (int i = 0; i < cells; i++) {
        sum[i] += weight * sample.activations()[c * cells + i];
      }
    }
    return Floats.of(sum);
  }

  private static double mean(float[] values, int from, int count) {
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += values[i];
    }
    return sum / count;
  }
}
