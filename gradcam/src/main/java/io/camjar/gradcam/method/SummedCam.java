package io.camjar.gradcam.method;

/** A method whose map is a sum over channels; what is summed can be projected instead. */
interface SummedCam extends CamMethod {
  /** What is summed, {@code [channels][height][width]} flattened; a new array. */
  float[] terms(LayerSample sample, Subject subject);

  @Override
  default RawMap map(LayerSample sample, Subject subject) {
    float[] terms = terms(sample, subject);
    double[] sum = new double[sample.cells()];
    for (int from = 0; from < terms.length; from += sum.length) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += terms[from + i];
      }
    }
    return RawMap.of(sample, sum);
  }
}
