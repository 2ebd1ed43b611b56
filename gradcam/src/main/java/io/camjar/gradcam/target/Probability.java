package io.camjar.gradcam.target;

/**
 * See {@link Score#probability}.
 *
 * @param index the class
 */
record Probability(int index) implements Score {
  @Override
  public double value(float[] logits) {
    return Softmax.of(logits)[index];
  }

  /** {@code dp_c / dy_j = p_c ([j = c] - p_j)}. */
  @Override
  public float[] gradient(float[] logits) {
    double[] shares = Softmax.of(logits);
    float[] gradient = new float[logits.length];
    for (int j = 0; j < gradient.length; j++) {
      gradient[j] = (float) (shares[index] * ((j == index ? 1 : 0) - shares[j]));
    }
    return gradient;
  }
}
