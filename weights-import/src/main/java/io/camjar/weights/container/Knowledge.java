package io.camjar.weights.container;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a file says about its model besides the weights; empty where it says nothing.
 *
 * @param classes class names in index order
 * @param normalization how pictures were normalised in training
 * @param inputSize the side of the training pictures in pixels
 * @param epoch the training epoch
 * @param outputs what the network's outputs mean
 */
public record Knowledge(
    List<String> classes,
    Optional<Normalization> normalization,
    OptionalInt inputSize,
    OptionalLong epoch,
    Optional<StatedOutputs> outputs) {

  /** Knows nothing. */
  public static final Knowledge NONE =
      new Knowledge(
          List.of(), Optional.empty(), OptionalInt.empty(), OptionalLong.empty(), Optional.empty());

  public Knowledge {
    classes = List.copyOf(classes);
  }

  /**
   * Statistics by which a picture of values 0 to 1 is normalised: {@code (x - mean) / std}.
   *
   * @param mean one value a channel
   * @param std one value a channel
   */
  public record Normalization(List<Double> mean, List<Double> std) {
    public Normalization {
      mean = List.copyOf(mean);
      std = List.copyOf(std);
    }
  }
}
