package io.camjar.gradcam.method;

/** A method that weights whole channels: {@code sum_c w_c A_c}. */
interface WeightedCam extends SummedCam {
  /** One weight a channel. */
  double[] weights(LayerSample sample, Subject subject);

  @Override
  default float[] terms(LayerSample sample, Subject subject) {
    double[] weights = weights(sample, subject);
    int cells = sample.cells();
    float[] terms = new float[sample.activations().length];
    for (int i = 0; i < terms.length; i++) {
      terms[i] = (float) (weights[i / cells] * sample.activations()[i]);
    }
    return terms;
  }

  /** The sum without the array of its terms. */
  @Override
  default RawMap map(LayerSample sample, Subject subject) {
    return RawMap.of(sample, sample.weightedSum(weights(sample, subject)));
  }
}
