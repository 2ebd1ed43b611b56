package io.camjar.weights.container.preparation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A {@link Preparation} while it is put together. */
final class Draft {
  private static final int MOST_NOTES = 8;

  private final String origin;
  private final List<PreparationStep> steps = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private @Nullable Size size;
  private @Nullable Normalization normalization;

  Draft(String origin) {
    this.origin = origin;
  }

  void add(PreparationStep step) {
    steps.add(step);
  }

  /** The image's size so far, where it is always the same. */
  Optional<Size> reached() {
    Optional<Size> reached = Optional.empty();
    for (PreparationStep step : steps) {
      reached =
          switch (step.kind()) {
            case GRAY -> reached;
            case PAD -> reached.map(size -> padded(size, step.numbers()));
            default -> step.size();
          };
    }
    return reached;
  }

  private static Size padded(Size size, List<Integer> by) {
    return new Size(size.height() + by.get(1) + by.get(3), size.width() + by.get(0) + by.get(2));
  }

  void size(Size named) {
    size = named;
  }

  void normalization(Normalization known) {
    normalization = known;
  }

  boolean isNormalised() {
    return normalization != null;
  }

  /** Says what is asked for and not done. */
  void note(String sentence) {
    if (notes.size() < MOST_NOTES && !notes.contains(sentence)) {
      notes.add(sentence);
    }
  }

  Preparation done() {
    Optional<Size> reached = reached();
    return new Preparation(
        origin,
        reached.isPresent() ? steps : List.of(),
        reached.isPresent() ? reached : Optional.ofNullable(size),
        Optional.ofNullable(normalization),
        notes);
  }
}
