package io.camjar.gradcam.method;

/**
 * HiResCAM: {@code sum_c g_c A_c}, each place with its own gradient.
 *
 * <p>Draelos and Carin 2020, arXiv 2011.08891; as pytorch-grad-cam's {@code hirescam.py}.
 */
final class HiResCam implements CamMethod {
  @Override
  public String name() {
    return "hirescam";
  }

  @Override
  public float[] map(LayerSample sample) {
    int cells = sample.cells();
    double[] sum = new double[cells];
    for (int i = 0; i < sample.activations().length; i++) {
      sum[i % cells] += (double) sample.gradients()[i] * sample.activations()[i];
    }
    return Floats.of(sum);
  }
}
