package io.camjar.gradcam.dataset;

import io.camjar.gradcam.dataset.Change.Kind;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the answers and maps of two networks differ over many images.
 *
 * @param changes image by image
 */
public record Comparison(List<Change> changes) {
  public Comparison {
    changes = List.copyOf(changes);
  }

  /** How many answers became what; kinds that do not occur are 0. */
  public Map<Kind, Integer> kinds() {
    Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    Arrays.stream(Kind.values()).forEach(kind -> counts.put(kind, 0));
    changes.forEach(change -> counts.merge(change.kind(), 1, Integer::sum));
    return counts;
  }

  /** How many answers are not the same. */
  public int changed() {
    return (int) changes.stream().filter(change -> !change.same()).count();
  }

  /** How many images' classes are known. */
  public int labelled() {
    return (int) changes.stream().filter(change -> change.right() != null).count();
  }

  /** On how many the first network is right; null where no class is known. */
  public @Nullable Integer firstRight() {
    return labelled() == 0
        ? null
        : (int) changes.stream().filter(c -> Boolean.TRUE.equals(c.first().right())).count();
  }

  /** On how many the second network is right; null where no class is known. */
  public @Nullable Integer secondRight() {
    return labelled() == 0
        ? null
        : (int) changes.stream().filter(c -> Boolean.TRUE.equals(c.right())).count();
  }

  /** How far evidence has moved, the mean over the images whose maps show some; NaN without. */
  public double meanMoved() {
    return changes.stream()
        .mapToDouble(Change::moved)
        .filter(moved -> !Double.isNaN(moved))
        .average()
        .orElse(Double.NaN);
  }

  /**
   * The images whose answers changed most, no more than so many; those whose answers are equal only
   * as far as shares differ.
   */
  public List<Change> byAnswer(int most) {
    return changes.stream().sorted(Change.byAnswer()).limit(most).toList();
  }

  /** The images of equal answers whose evidence has moved most, no more than so many. */
  public List<Change> byMap(int most) {
    return changes.stream()
        .filter(Change::same)
        .filter(change -> !Double.isNaN(change.moved()))
        .sorted(Change.byMap())
        .limit(most)
        .toList();
  }
}
