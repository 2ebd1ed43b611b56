package io.camjar.weights.container.preparation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a file says about how images become its network's input.
 *
 * @param origin where it says so, {@code fastai 2's transforms} say
 * @param steps what is done to an image, in order; empty where only sizes or statistics are known
 * @param size the network's input, where the file names it
 * @param normalization what is done to the samples afterwards, where the file says so
 * @param notFollowed sentences about what the file asks for and {@code steps} do not do
 */
public record Preparation(
    String origin,
    List<PreparationStep> steps,
    Optional<Size> size,
    Optional<Normalization> normalization,
    List<String> notFollowed) {
  public Preparation {
    steps = List.copyOf(steps);
    notFollowed = List.copyOf(notFollowed);
  }

  /** Whether it says anything at all. */
  public boolean isEmpty() {
    return steps.isEmpty() && size.isEmpty() && normalization.isEmpty() && notFollowed.isEmpty();
  }

  /** In a sentence: what is said, and where. */
  public String inWords() {
    List<String> parts = new ArrayList<>();
    steps.forEach(step -> parts.add(step.inWords()));
    if (steps.isEmpty()) {
      size.ifPresent(named -> parts.add(named.toString()));
    }
    normalization.ifPresent(
        known -> parts.add("mean %s, std %s".formatted(known.mean(), known.std())));
    parts.addAll(notFollowed);
    return "%s (%s)".formatted(String.join("; ", parts), origin);
  }

  /** The steps as text; empty if there are none. */
  public String stepsText() {
    return String.join("; ", steps.stream().map(PreparationStep::text).toList());
  }

  /** Reads what {@link #stepsText} wrote; no steps if it is something else. */
  public static List<PreparationStep> parseSteps(String text) {
    List<Optional<PreparationStep>> steps =
        text.isBlank()
            ? List.of()
            : List.of(text.split(";")).stream().map(PreparationStep::parse).toList();
    return steps.stream().allMatch(Optional::isPresent)
        ? steps.stream().map(Optional::orElseThrow).toList()
        : List.of();
  }
}
