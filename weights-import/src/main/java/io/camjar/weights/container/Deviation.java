package io.camjar.weights.container;

import java.util.Optional;

/**
 * A setting that stands with the weights and says of their network what names and shapes do not
 * show, and what camjar's networks are not.
 *
 * @param setting name, value and place, for people: {@code last_stride = 1}
 * @param meaning what the network does then, continuing "so that "
 * @param ofBottlenecks whether it matters to networks of bottlenecks only
 */
public record Deviation(String setting, String meaning, boolean ofBottlenecks) {
  /**
   * What the {@code config.json} says that the Hugging Face hub keeps next to weights; empty if
   * there is none, or it says nothing of the kind.
   *
   * @param source the path of the weights, or of the folder of their shards
   */
  public static Optional<Deviation> beside(String source) {
    return DeviationFinder.beside(source);
  }
}
