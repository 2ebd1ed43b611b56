package io.camjar.gradcam.scaling;

import io.camjar.engine.CamjarException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;

/**
 * How a map's values are brought to 0..1.
 *
 * @param kind which rule
 * @param percentile what becomes 1 under {@link Kind#PERCENTILE}, over 0 to 100
 */
public record Scaling(Kind kind, double percentile) {
  private static final double USUAL_PERCENTILE = 99;
  private static final Pattern PERCENTILE =
      Pattern.compile("percentile(?:[:=](\\d+(?:\\.\\d+)?))?");

  /** The rules. */
  public enum Kind {
    /** {@code x -= min; x /= 1e-7 + max}: maps of tiny values stay dark. */
    PYTORCH_GRAD_CAM,
    /** {@code (x - min) / (max - min)}, whatever the size of the values. */
    MIN_MAX,
    /** {@code (x - min)} over its percentile, cut at 1: a few extreme places darken nothing. */
    PERCENTILE,
    /** As they are: for values that lie in 0..1 already. */
    NONE
  }

  /**
   * A scaling.
   *
   * @throws CamjarException if the percentile is not above 0 and at most 100
   */
  public Scaling {
    if (!(percentile > 0 && percentile <= 100)) {
      throw new CamjarException(
          "the percentile of a scale must lie over 0 and up to 100, but it is " + percentile);
    }
  }

  /** pytorch-grad-cam's. */
  public static Scaling pytorchGradCam() {
    return new Scaling(Kind.PYTORCH_GRAD_CAM, USUAL_PERCENTILE);
  }

  /** From the smallest value to the largest. */
  public static Scaling minMax() {
    return new Scaling(Kind.MIN_MAX, USUAL_PERCENTILE);
  }

  /** Up to a percentile, such as 99 as in pytorch-cnn-visualizations. */
  public static Scaling percentile(double percentile) {
    return new Scaling(Kind.PERCENTILE, percentile);
  }

  /** For values that lie in 0..1 already. */
  public static Scaling none() {
    return new Scaling(Kind.NONE, USUAL_PERCENTILE);
  }

  /**
   * The scaling of that name: {@code pytorch-grad-cam}, {@code minmax}, {@code percentile} or
   * {@code percentile:98}.
   *
   * @throws CamjarException if there is none
   */
  public static Scaling named(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    Matcher percentile = PERCENTILE.matcher(lower);
    if (lower.equals("pytorch-grad-cam")) {
      return pytorchGradCam();
    } else if (lower.equals("minmax")) {
      return minMax();
    } else if (percentile.matches()) {
      String number = percentile.group(1);
      return percentile(number == null ? USUAL_PERCENTILE : Double.parseDouble(number));
    }
    throw new CamjarException(
        "there is no scale \"%s\"; there are pytorch-grad-cam, minmax and percentile or percentile:P"
            .formatted(name));
  }

  /** Values that are not negative brought to 0..1. */
  float[] apply(float[] values) {
    return switch (kind) {
      case PYTORCH_GRAD_CAM -> MinMax.scale(values);
      case MIN_MAX -> MinMax.scale(values, 0);
      case PERCENTILE -> upToPercentile(values);
      case NONE -> cut(values);
    };
  }

  private float[] upToPercentile(float[] values) {
    float[] shifted = MinMax.shiftAndDivide(values, smallest(values), 1);
    double[] doubles = new double[shifted.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = shifted[i];
    }
    // R-7 is numpy's default, linear between the neighbours.
    double top =
        new Percentile().withEstimationType(EstimationType.R_7).evaluate(doubles, percentile);
    return top > 0 ? cut(MinMax.shiftAndDivide(shifted, 0, top)) : MinMax.scale(shifted, 0);
  }

  private static float smallest(float[] values) {
    float low = Float.POSITIVE_INFINITY;
    for (float value : values) {
      low = Math.min(low, value);
    }
    return low;
  }

  private static float[] cut(float[] values) {
    float[] cut = new float[values.length];
    for (int i = 0; i < cut.length; i++) {
      cut[i] = Math.max(0, Math.min(1, values[i]));
    }
    return cut;
  }

  @Override
  public String toString() {
    return switch (kind) {
      case PYTORCH_GRAD_CAM -> "pytorch-grad-cam";
      case MIN_MAX -> "minmax";
      case PERCENTILE -> "percentile:" + percentile;
      case NONE -> "none";
    };
  }
}
