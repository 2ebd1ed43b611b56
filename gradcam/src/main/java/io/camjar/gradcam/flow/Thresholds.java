package io.camjar.gradcam.flow;

/**
 * From where on something counts as wrong.
 *
 * @param dead share of a point's units that are 0 for every image
 * @param exploding how many times as large as its source a signal may be: the root mean square of
 *     activations compared with the input's, the norm of gradients compared with that of the score
 * @param vanishing the same downwards
 */
public record Thresholds(double dead, double exploding, double vanishing) {
  /** What healthy networks stay within. */
  public static final Thresholds STANDARD = new Thresholds(0.95, 100, 1e-3);

  /**
   * Thresholds.
   *
   * @throws IllegalArgumentException if the share is not above 0 and at most 1, {@code exploding}
   *     not above 1, or {@code vanishing} not above 0 and below 1
   */
  public Thresholds {
    if (!(dead > 0 && dead <= 1)) {
      throw new IllegalArgumentException(
          "a share of dead units must be above 0 and at most 1, found " + dead);
    }
    if (!(exploding > 1) || !(vanishing > 0 && vanishing < 1)) {
      throw new IllegalArgumentException(
          "a signal explodes above 1 and vanishes above 0 and below 1, found %s and %s"
              .formatted(exploding, vanishing));
    }
  }
}
