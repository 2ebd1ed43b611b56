package io.camjar.gradcam.image.samples;

/**
 * A linear scale from {@code low} to {@code high}: {@code (value - low) / (high - low) * 255},
 * clipped to 0 to 255.
 *
 * @param low what is black
 * @param high what is white; below {@code low} it turns the image into its negative
 */
public record SampleRange(double low, double high) implements SampleScale {
  /**
   * Refuses ends that are equal or not finite.
   *
   * @throws IllegalArgumentException if they are
   */
  public SampleRange {
    if (!Double.isFinite(low) || !Double.isFinite(high) || low == high) {
      throw new IllegalArgumentException(
          "a range needs two different finite numbers, not %s and %s"
              .formatted(SampleScale.number(low), SampleScale.number(high)));
    }
  }

  /**
   * A range from {@code LOW,HIGH}.
   *
   * @throws IllegalArgumentException saying what is wrong with the text
   */
  public static SampleRange parse(String text) {
    double[] ends = SampleScale.twoNumbers(text);
    return new SampleRange(ends[0], ends[1]);
  }

  @Override
  public int level(double value) {
    double share = (value - low) / (high - low);
    return (int) Math.floor(255 * Math.max(0, Math.min(1, share)) + 0.5);
  }

  @Override
  public String describe() {
    return "from %s (black) to %s (white)"
        .formatted(SampleScale.number(low), SampleScale.number(high));
  }
}
