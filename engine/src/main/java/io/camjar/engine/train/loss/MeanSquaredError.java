package io.camjar.engine.train.loss;

/** The mean of {@code (x - t)^2} over all outputs of a batch, as PyTorch's {@code MSELoss}. */
public final class MeanSquaredError implements Loss {

  @Override
  public double of(float[] logits, Targets targets, float[] gradient) {
    float[] t = targets.values(targets.outputsOf(logits)).values();
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      double difference = (double) logits[i] - t[i];
      sum += difference * difference;
      gradient[i] = (float) (2 * difference / logits.length);
    }
    return sum / logits.length;
  }
}
