package io.camjar.weights.container.preparation;

import java.util.List;

/**
 * Statistics by which an image of samples 0 to 1 is normalised: {@code (x - mean) / std}.
 *
 * @param mean one value a channel, or one for all of them as PyTorch broadcasts
 * @param std likewise
 */
public record Normalization(List<Double> mean, List<Double> std) {
  /** Samples of 0 to 1 are left as they are. */
  public static final Normalization NONE = new Normalization(List.of(0.0), List.of(1.0));

  public Normalization {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }

  /**
   * The same for samples of 0 to 1, where these are for samples that were multiplied by something
   * else.
   *
   * @param scale what samples of 0 to 1 are multiplied by to get those that these are for: 255 for
   *     raw bytes
   * @param offset what is added then
   */
  public Normalization ofSamples(double scale, double offset) {
    return new Normalization(
        mean.stream().map(m -> (m - offset) / scale).toList(),
        std.stream().map(s -> s / scale).toList());
  }
}
