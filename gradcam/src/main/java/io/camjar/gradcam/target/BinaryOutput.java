package io.camjar.gradcam.target;

import io.camjar.engine.CamjarException;

/**
 * See {@link Score#binary}.
 *
 * @param positive whether the positive class is explained
 */
record BinaryOutput(boolean positive) implements Score {
  @Override
  public double value(float[] logits) {
    return sign(logits) * logits[0];
  }

  @Override
  public float[] gradient(float[] logits) {
    return new float[] {sign(logits)};
  }

  private float sign(float[] logits) {
    if (logits.length != 1) {
      throw new CamjarException(
          "a binary score reads the only output of a network, but this one has %d; name a class"
              .formatted(logits.length));
    }
    return positive ? 1 : -1;
  }
}
