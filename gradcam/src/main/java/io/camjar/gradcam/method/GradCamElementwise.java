package io.camjar.gradcam.method;

/** Element-wise Grad-CAM, pytorch-grad-cam's own: {@code sum_c max(g_c A_c, 0)}. */
final class GradCamElementwise implements ElementwiseCam {
  @Override
  public String name() {
    return "gradcamelementwise";
  }

  @Override
  public double term(double activation, double gradient) {
    return Math.max(gradient * activation, 0);
  }
}
