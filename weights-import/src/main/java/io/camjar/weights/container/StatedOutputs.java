package io.camjar.weights.container;

/**
 * What a file says of the meaning of its network's outputs.
 *
 * @param kind what they mean
 * @param evidence what says so, {@code loss_func is BCEWithLogitsLossFlat} for example
 */
public record StatedOutputs(Kind kind, String evidence) {
  /** What outputs mean. */
  public enum Kind {
    /** One class of several: shares are a softmax. */
    SOFTMAX,
    /** Each output answers yes or no: shares are sigmoids. */
    SIGMOID,
    /** Numbers, as those of a regression. */
    RAW
  }
}
