package io.camjar.gradcam.image.samples;

import java.util.Locale;

/**
 * A window as DICOM defines it in PS3.3, C.11.2.1.2 and C.11.2.1.3, for an output of 0 to 255.
 *
 * @param center the value that becomes middle gray
 * @param width how many values there are from black to white; above 0, at least 1 for {@link
 *     Function#LINEAR}
 * @param function the shape
 */
public record SampleWindow(double center, double width, Function function) implements SampleScale {
  /** What a window does between its ends. */
  public enum Function {
    /** {@code ((x - (c - 0.5)) / (w - 1) + 0.5) * 255}: both ends are pixel values. */
    LINEAR,
    /** {@code ((x - c) / w + 0.5) * 255}. */
    LINEAR_EXACT,
    /** {@code 255 / (1 + exp(-4 (x - c) / w))}. */
    SIGMOID
  }

  /**
   * Refuses widths that make no window.
   *
   * @throws IllegalArgumentException if center or width is not finite, or the width is below 1
   *     (linear) or not above 0
   */
  public SampleWindow {
    double least = function == Function.LINEAR ? 1 : Double.MIN_VALUE;
    if (!Double.isFinite(center) || !Double.isFinite(width) || width < least) {
      throw new IllegalArgumentException(
          "a window needs a finite center and a width of %s, not %s and %s"
              .formatted(
                  function == Function.LINEAR ? "1 or more" : "more than 0",
                  SampleScale.number(center),
                  SampleScale.number(width)));
    }
  }

  /**
   * A linear window from {@code CENTER,WIDTH}.
   *
   * @throws IllegalArgumentException saying what is wrong with the text
   */
  public static SampleWindow parse(String text) {
    double[] window = SampleScale.twoNumbers(text);
    return new SampleWindow(window[0], window[1], Function.LINEAR);
  }

  @Override
  public int level(double value) {
    double share =
        switch (function) {
          case LINEAR -> linear(value, center - 0.5, width - 1);
          case LINEAR_EXACT -> linear(value, center, width);
          case SIGMOID -> 1 / (1 + Math.exp(-4 * (value - center) / width));
        };
    return (int) Math.floor(255 * share + 0.5);
  }

  private static double linear(double value, double middle, double extent) {
    if (value <= middle - extent / 2) {
      return 0;
    }
    // A width of 1 is a threshold; NaN compares with nothing and ends here, black.
    return value > middle + extent / 2 ? 1 : extent > 0 ? (value - middle) / extent + 0.5 : 0;
  }

  @Override
  public String describe() {
    return "through the window of center %s and width %s (%s)"
        .formatted(
            SampleScale.number(center),
            SampleScale.number(width),
            function.name().toLowerCase(Locale.ROOT));
  }
}
