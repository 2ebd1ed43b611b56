package io.camjar.gradcam.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Means and standard deviations: as text, and against the range of the samples they are for. */
final class Statistics {
  private Statistics() {}

  /**
   * Refuses what no training set can have.
   *
   * @param range what samples reach to: 1 or 255
   * @throws ImageException that names the value and what to give instead
   */
  static void check(float[] mean, float[] std, int range) {
    if (mean.length != std.length || mean.length == 0) {
      throw new ImageException(
          "mean has %d values and std has %d; give one value a channel to each"
              .formatted(mean.length, std.length));
    }
    for (float s : std) {
      if (!(s > 0 && Float.isFinite(s))) {
        throw new ImageException(
            "std %s is not above 0; give std %s, each value a standard deviation above 0"
                .formatted(text(s), words(std)));
      }
    }
    refuseTwoUnits(mean, std, range);
    if (range == 1 && forBytes(mean, std)) {
      throw new ImageException(
          "mean %s and std %s are for samples of 0 to 255, but samples are 0 to 1 here: divide both"
                  .formatted(text(mean), text(std))
              + " by 255 (--mean %s --std %s), or give them with --preset raw255, whose samples are 0 to 255"
                  .formatted(text(divided(mean)), text(divided(std))));
    }
    if (range == 255 && forUnits(mean, std)) {
      throw new ImageException(
          "mean %s and std %s are for samples of 0 to 1, but samples are 0 to 255 here: multiply"
                  .formatted(text(mean), text(std))
              + " both by 255");
    }
    List<String> outside = new ArrayList<>();
    for (int c = 0; c < mean.length; c++) {
      if (!(mean[c] >= 0 && mean[c] <= range)) {
        outside.add("mean " + text(mean[c]) + hint(mean[c], range));
      }
      if (std[c] > range) {
        outside.add("std " + text(std[c]) + hint(std[c], range));
      }
    }
    if (!outside.isEmpty()) {
      throw new ImageException(
          "%s lies outside 0 to %d, the range of the samples"
              .formatted(String.join(" and ", outside), range));
    }
  }

  /** Refuses a mean of one unit and a deviation of another. */
  private static void refuseTwoUnits(float[] mean, float[] std, int range) {
    boolean bytes = isWithin(mean, 1, 255) && isWithin(std, 0, 1) && !areAll(std, 1);
    boolean units = isWithin(mean, 0, 1) && isWithin(std, 2, 255) && !areAll(mean, 0);
    if (bytes || units) {
      float[] other = bytes ? mean : std;
      float[] given = range == 1 ? divided(other) : multiplied(bytes ? std : mean);
      throw new ImageException(
          "mean %s is for samples of 0 to %d, but std %s for samples of 0 to %d; samples are 0 to %d here: give %s %s"
              .formatted(
                  text(mean),
                  bytes ? 255 : 1,
                  text(std),
                  bytes ? 1 : 255,
                  range,
                  bytes == (range == 1) ? "--mean" : "--std",
                  text(given)));
    }
  }

  /** Whether all lie between two limits, the lower one not included. */
  private static boolean isWithin(float[] values, float above, float most) {
    for (float value : values) {
      if (!(value > above || (above == 0 && value == 0)) || value > most) {
        return false;
      }
    }
    return true;
  }

  private static boolean areAll(float[] values, float same) {
    for (float value : values) {
      if (value != same) {
        return false;
      }
    }
    return true;
  }

  private static float[] multiplied(float[] values) {
    float[] out = values.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] *= 255;
    }
    return out;
  }

  /** Nothing below 0, and more than samples of 0 to 1 could have in most places. */
  private static boolean forBytes(float[] mean, float[] std) {
    int large = 0;
    for (int c = 0; c < mean.length; c++) {
      if (mean[c] < 0 || mean[c] > 255 || std[c] > 255) {
        return false;
      }
      large += mean[c] > 1 || std[c] > 1 ? 1 : 0;
    }
    return large == mean.length;
  }

  private static boolean forUnits(float[] mean, float[] std) {
    boolean some = false;
    for (int c = 0; c < mean.length; c++) {
      if (mean[c] < 0 || mean[c] > 1 || std[c] > 1) {
        return false;
      }
      some |= mean[c] > 0;
    }
    return some;
  }

  private static String hint(float value, int range) {
    String digits = text(value);
    boolean lost = range == 1 && digits.matches("\\d{2,6}");
    return lost ? " (0." + digits + " without its point?)" : "";
  }

  private static float[] divided(float[] values) {
    float[] out = values.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] /= 255;
    }
    return out;
  }

  private static String words(float[] values) {
    return values.length == 1 ? "one value" : values.length + " values";
  }

  /** The values as options take them. */
  static String text(float[] values) {
    List<String> texts = new ArrayList<>();
    for (float value : values) {
      texts.add(text(value));
    }
    return texts.stream().collect(Collectors.joining(","));
  }

  /** The values with the digits that tell floats apart. */
  static List<Double> decimals(float[] values) {
    List<Double> decimals = new ArrayList<>();
    for (float value : values) {
      decimals.add(Double.valueOf(Float.toString(value)));
    }
    return decimals;
  }

  private static String text(float value) {
    return String.format(Locale.ROOT, "%.6g", value)
        .replaceFirst("(\\.\\d*?)0+$", "$1")
        .replaceFirst("\\.$", "");
  }
}
