package io.camjar.gradcam.target;

/**
 * See {@link Score#probability}.
 *
 * @param index the class
 */
record Probability(int index) implements Score {
  @Override
  public double value(float[] logits) {
    return ClassProbabilities.of(logits)[index];
  }

  /** {@code dp_c / dy_j = p_c ([j = c] - p_j)}, and {@code 1 - p_c} without cancellation. */
  @Override
  public float[] gradient(float[] logits) {
    double[] shares = ClassProbabilities.of(logits);
    float[] gradient = new float[logits.length];
    double others = 0;
    for (int j = 0; j < gradient.length; j++) {
      if (j != index) {
        gradient[j] = (float) (-shares[index] * shares[j]);
        others += shares[j];
      }
    }
    gradient[index] = (float) (shares[index] * others);
    return gradient;
  }
}
