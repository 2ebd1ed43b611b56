package io.camjar.gradcam.target;

/**
 * See {@link Score#logit}.
 *
 * @param index the class
 */
public record Logit(int index) implements Score {
  @Override
  public double value(float[] logits) {
    return logits[index];
  }

  @Override
  public float[] gradient(float[] logits) {
    float[] gradient = new float[logits.length];
    gradient[index] = 1;
    return gradient;
  }
}
