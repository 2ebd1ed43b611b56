package io.camjar.gradcam.method;

/** A method that weighs each place of each channel by itself. */
interface ElementwiseCam extends SummedCam {
  /** What one place of one channel adds, from its activation and its gradient. */
  double term(double activation, double gradient);

  @Override
  default float[] terms(LayerSample sample, Subject subject) {
    float[] terms = new float[sample.activations().length];
    for (int i = 0; i < terms.length; i++) {
      terms[i] = (float) term(sample.activations()[i], sample.gradients()[i]);
    }
    return terms;
  }
}
