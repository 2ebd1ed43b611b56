package io.camjar.gradcam.labels;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A name with the number that a file gives it.
 *
 * @param number from 0 or from 1
 * @param id what a data set calls the class besides; null where the file does not say
 */
record IndexedName(int number, String name, @Nullable String id) {
  /** The names by their numbers, if these are 0 to n - 1 or 1 to n. */
  static Optional<ClassNames> inOrder(List<IndexedName> names) {
    List<IndexedName> sorted = new ArrayList<>(names);
    sorted.sort(Comparator.comparingInt(IndexedName::number));
    int first = sorted.isEmpty() ? 0 : sorted.get(0).number;
    if (first > 1) {
      return Optional.empty();
    }
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < sorted.size(); i++) {
      if (sorted.get(i).number != first + i) {
        return Optional.empty();
      }
      String id = sorted.get(i).id;
      if (id != null) {
        ids.add(id);
      }
    }
    boolean allHaveIds = ids.size() == sorted.size();
    return Optional.of(
        new ClassNames(
            sorted.stream().map(IndexedName::name).toList(), allHaveIds ? ids : List.of()));
  }
}
