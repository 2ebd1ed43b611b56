package io.camjar.gradcam.metric;

/**
 * What the network makes of the input multiplied by the map (Chattopadhyay et al. 2018, Grad-CAM++,
 * arXiv 1710.11063, section 5.1).
 *
 * @param whole the score of the input
 * @param masked the score of the input times the map
 */
public record Confidence(double whole, double masked) {
  /** Scores an input with and without the map, of one value a pixel. */
  public static Confidence of(Scorer scorer, float[] input, float[] map) {
    return new Confidence(scorer.score(input), scorer.score(Masking.times(input, map)));
  }

  /**
   * The share of the score that is lost, {@code max(0, whole - masked) / whole}, 0 to 1 for
   * positive scores; its mean over images is the paper's average drop. (pytorch-grad-cam's {@code
   * DropInConfidence} does not divide.) NaN where the score is not positive, as a raw output may
   * be.
   */
  public double drop() {
    return whole <= 0 ? Double.NaN : Math.max(0, whole - masked) / whole;
  }

  /** 1 where the map alone scores more than the image, else 0; its mean is the increase. */
  public double increase() {
    return masked > whole ? 1 : 0;
  }
}
