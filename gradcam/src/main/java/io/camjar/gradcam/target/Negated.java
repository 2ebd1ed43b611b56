package io.camjar.gradcam.target;

/** See {@link Score#negated}. */
record Negated(Score score) implements Score {
  @Override
  public double value(float[] logits) {
    return -score.value(logits);
  }

  @Override
  public float[] gradient(float[] logits) {
    float[] gradient = score.gradient(logits);
    for (int j = 0; j < gradient.length; j++) {
      gradient[j] = -gradient[j];
    }
    return gradient;
  }

  @Override
  public Score negated() {
    return score;
  }
}
