package io.camjar.gradcam.target;

import io.camjar.engine.CamjarException;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** See {@link Score#of}. */
record CustomScore(ToDoubleFunction<float[]> function, Function<float[], float[]> derivative)
    implements Score {
  @Override
  public double value(float[] logits) {
    return function.applyAsDouble(logits.clone());
  }

  @Override
  public float[] gradient(float[] logits) {
    float[] gradient = derivative.apply(logits.clone()).clone();
    if (gradient.length != logits.length) {
      throw new CamjarException(
          "the gradient of a score has %d values, expected one a logit, %d"
              .formatted(gradient.length, logits.length));
    }
    return gradient;
  }
}
