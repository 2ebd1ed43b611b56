package io.camjar.gradcam.metric;

import io.camjar.gradcam.math.Finite;
import org.jspecify.annotations.Nullable;

/**
 * The mean of a figure over images, for records.
 *
 * @param mean over the images; null without any
 * @param margin half the width of the mean's 95 % confidence interval; null below two images
 * @param pictures how many have the figure
 */
public record Estimate(@Nullable Double mean, @Nullable Double margin, long pictures) {
  /** What a sample says. */
  public static Estimate of(SampleStatistics sample) {
    return new Estimate(
        Finite.orNull(sample.mean()), Finite.orNull(sample.margin()), sample.count());
  }
}
