package io.camjar.gradcam;

import io.camjar.engine.CamjarException;
import io.camjar.engine.NearestNames;
import io.camjar.gradcam.target.Softmax;
import java.util.List;
import java.util.stream.IntStream;

/** The names of a network's classes in the order of its logits; all of them, or none. Immutable. */
public final class Labels {
  private final int count;
  private final List<String> names;

  private Labels(int count, List<String> names) {
    this.count = count;
    this.names = names;
  }

  /** Names for all classes. */
  public static Labels of(List<String> names) {
    return new Labels(names.size(), List.copyOf(names));
  }

  /** Classes that have a number only. */
  public static Labels unnamed(int count) {
    return new Labels(count, List.of());
  }

  /** How many classes there are. */
  public int count() {
    return count;
  }

  /** The names in index order; empty where the classes have none. */
  public List<String> names() {
    return names;
  }

  /**
   * The class of that index.
   *
   * @throws CamjarException if there is none
   */
  public ClassLabel at(int index) {
    if (index < 0 || index >= count) {
      throw new CamjarException(
          "there is no class %d: the model has %d classes, 0 to %d"
              .formatted(index, count, count - 1));
    }
    return new ClassLabel(index, names.isEmpty() ? null : names.get(index));
  }

  /** The class of the largest logit, the first of equals. */
  public Prediction likeliest(float[] logits) {
    int index = Target.descending(logits).findFirst().orElseThrow();
    return new Prediction(at(index), logits[index], Softmax.of(logits)[index]);
  }

  /** Whether a class is called exactly that, letter case aside. */
  public boolean has(String name) {
    return find(name) >= 0;
  }

  /**
   * The class of that name: exactly, else with letter case aside.
   *
   * @throws CamjarException with the nearest names if there is none
   */
  public ClassLabel named(String name) {
    int index = find(name);
    if (index >= 0) {
      return at(index);
    }
    if (names.isEmpty()) {
      throw new CamjarException(
          "there is no class \"%s\": this model's classes have no names, so give a number from 0 to %d, or a --labels file"
              .formatted(name, count - 1));
    }
    throw new CamjarException(
        "there is no class \"%s\"; the nearest are %s"
            .formatted(name, String.join(", ", NearestNames.of(name, names, 3))));
  }

  private int find(String name) {
    int exact = names.indexOf(name);
    if (exact >= 0) {
      return exact;
    }
    return IntStream.range(0, names.size())
        .filter(i -> names.get(i).equalsIgnoreCase(name))
        .findFirst()
        .orElse(-1);
  }
}
