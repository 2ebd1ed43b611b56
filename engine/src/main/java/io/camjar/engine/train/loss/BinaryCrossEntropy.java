package io.camjar.engine.train.loss;

/**
 * Binary cross-entropy of the sigmoid, each output for itself, the mean over all outputs of a
 * batch, as PyTorch's {@code BCEWithLogitsLoss}: {@code max(x, 0) - x t + log(1 + exp(-|x|))}.
 */
public final class BinaryCrossEntropy implements Loss {

  @Override
  public double of(float[] logits, Targets targets, float[] gradient) {
    float[] t = targets.values(targets.outputsOf(logits)).values();
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      double x = logits[i];
      double small = Math.exp(-Math.abs(x));
      sum += Math.max(x, 0) - x * t[i] + Math.log1p(small);
      double sigmoid = x >= 0 ? 1 / (1 + small) : small / (1 + small);
      gradient[i] = (float) ((sigmoid - t[i]) / logits.length);
    }
    return sum / logits.length;
  }
}
