package io.camjar.gradcam.target;

/**
 * See {@link Score#difference}.
 *
 * @param index the class that is explained
 * @param other the class it is compared with
 */
record Difference(int index, int other) implements Score {
  @Override
  public double value(float[] logits) {
    return (double) logits[index] - logits[other];
  }

  @Override
  public float[] gradient(float[] logits) {
    float[] gradient = new float[logits.length];
    gradient[index] += 1;
    gradient[other] -= 1;
    return gradient;
  }
}
