package io.camjar.engine.statistics;

/**
 * What a {@link Summary} is asked for.
 *
 * @param nearZero values of at most this size count as near zero
 * @param histogram whether values are counted by {@link Bins}
 */
public record Measure(float nearZero, boolean histogram) {
  /** The threshold of fastai's {@code ActivationStats}, which counts negative values too. */
  public static final float NEAR_ZERO = 0.05f;

  /**
   * A measure.
   *
   * @throws IllegalArgumentException if the threshold is negative, NaN or infinite
   */
  public Measure {
    if (!(nearZero >= 0) || Float.isInfinite(nearZero)) {
      throw new IllegalArgumentException(
          "what is near zero must be 0 or more and finite, found " + nearZero);
    }
  }

  /** All but the histogram. */
  public static Measure plain() {
    return new Measure(NEAR_ZERO, false);
  }

  /** All, with the histogram. */
  public static Measure full() {
    return new Measure(NEAR_ZERO, true);
  }
}
