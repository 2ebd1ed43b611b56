package io.camjar.engine.train.loss;

/** A number that is smaller the better the logits of a batch fit its targets. */
public interface Loss {

  /**
   * The loss of a batch, and its gradient.
   *
   * @param logits {@code [N, C]}, c order
   * @param targets of N images
   * @param gradient of the logits' length: set to the derivative of the loss by each logit
   * @return the loss, one number a batch
   * @throws io.camjar.engine.CamjarException if targets and logits do not fit
   */
  double of(float[] logits, Targets targets, float[] gradient);
}
