package io.camjar.gradcam.method;

/**
 * HiResCAM: {@code sum_c g_c A_c}, each place with its own gradient.
 *
 * <p>Draelos and Carin 2020, arXiv 2011.08891; as pytorch-grad-cam's {@code hirescam.py}.
 */
final class HiResCam implements ElementwiseCam {
  @Override
  public String name() {
    return "hirescam";
  }

  @Override
  public double term(double activation, double gradient) {
    return gradient * activation;
  }
}
