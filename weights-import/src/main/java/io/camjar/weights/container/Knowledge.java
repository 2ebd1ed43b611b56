package io.camjar.weights.container;

import io.camjar.weights.container.preparation.Normalization;
import io.camjar.weights.container.preparation.Preparation;
import io.camjar.weights.container.preparation.Size;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a file says about its model besides the weights; empty where it says nothing.
 *
 * @param classes class names in index order
 * @param preparation how images are prepared for the network
 * @param epoch the training epoch
 * @param outputs what the network's outputs mean
 * @param deviation what it says of the network that tensors do not show and camjar's is not
 */
public record Knowledge(
    List<String> classes,
    Optional<Preparation> preparation,
    OptionalLong epoch,
    Optional<StatedOutputs> outputs,
    Optional<Deviation> deviation) {

  /** Knows nothing. */
  public static final Knowledge NONE =
      new Knowledge(
          List.of(), Optional.empty(), OptionalLong.empty(), Optional.empty(), Optional.empty());

  public Knowledge {
    classes = List.copyOf(classes);
  }

  /** How samples of 0 to 1 are normalised. */
  public Optional<Normalization> normalization() {
    return preparation.flatMap(Preparation::normalization);
  }

  /** The side of the network's input in pixels, where that is a square. */
  public OptionalInt inputSize() {
    Optional<Size> size = preparation.flatMap(Preparation::size);
    return size.isPresent() && size.get().height() == size.get().width()
        ? OptionalInt.of(size.get().height())
        : OptionalInt.empty();
  }

  /** The same with other words on how images are prepared. */
  public Knowledge withPreparation(Preparation said) {
    return new Knowledge(classes, Optional.of(said), epoch, outputs, deviation);
  }

  /** The same with these names of classes. */
  public Knowledge withClasses(List<String> names) {
    return new Knowledge(names, preparation, epoch, outputs, deviation);
  }

  /** The same with these words on what outputs mean. */
  public Knowledge withOutputs(StatedOutputs said) {
    return withOutputs(Optional.of(said));
  }

  /** The same with another meaning of outputs. */
  Knowledge withOutputs(Optional<StatedOutputs> meaning) {
    return new Knowledge(classes, preparation, epoch, meaning, deviation);
  }
}
