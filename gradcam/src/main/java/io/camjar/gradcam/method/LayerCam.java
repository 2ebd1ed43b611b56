package io.camjar.gradcam.method;

/**
 * LayerCAM: {@code sum_c max(g_c, 0) A_c}.
 *
 * <p>Jiang et al. 2021, <a href="https://ieeexplore.ieee.org/document/9462463">IEEE TIP 30</a>; as
 * pytorch-grad-cam's {@code layer_cam.py}.
 */
final class LayerCam implements ElementwiseCam {
  @Override
  public String name() {
    return "layercam";
  }

  @Override
  public double term(double activation, double gradient) {
    return Math.max(gradient, 0) * activation;
  }
}
