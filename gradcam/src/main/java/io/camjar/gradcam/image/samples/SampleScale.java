package io.camjar.gradcam.image.samples;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which of a file's numbers are black and white: a {@link SampleRange range} between two of them,
 * or a {@link SampleWindow window} as DICOM defines it.
 */
public sealed interface SampleScale permits SampleRange, SampleWindow {
  /** The level of a value, 0 black to 255 white, rounded half up; NaN is black. */
  int level(double value);

  /** What it does to values, for people. */
  String describe();

  /** A number as short as it can be told: 40, 0.5, 1e+09. */
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.6g", value)
            .replaceFirst("(\\.\\d*?)0+(?=$|e)", "$1")
            .replaceFirst("\\.(?=$|e)", "");
  }

  /**
   * Two finite numbers with a comma between them.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  static double[] twoNumbers(String text) {
    String[] parts = Pattern.compile(",").split(text, -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException("two numbers with a comma between them are needed");
    }
    double[] numbers = new double[2];
    for (int i = 0; i < 2; i++) {
      numbers[i] = finite(parts[i].strip());
    }
    return numbers;
  }

  private static double finite(String text) {
    try {
      double number = Double.parseDouble(text);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'%s' is not a number".formatted(text), e);
    }
    throw new IllegalArgumentException("'%s' is not a finite number".formatted(text));
  }
}
