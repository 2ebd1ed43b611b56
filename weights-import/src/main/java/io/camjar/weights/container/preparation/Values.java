package io.camjar.weights.container.preparation;

import io.camjar.weights.pickle.PyDict;
import io.camjar.weights.pickle.PyList;
import io.camjar.weights.pickle.PyNone;
import io.camjar.weights.pickle.PyObject;
import io.camjar.weights.pickle.PyTuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Access to what a pickle's objects and dicts hold, whichever of both it is. */
final class Values {
  private Values() {}

  /** The attribute of an object, or the value of a dict; null where there is none, or None. */
  static @Nullable Object get(Object of, String name) {
    Object value = null;
    if (of instanceof PyDict dict) {
      value = dict.get(name);
    } else if (of instanceof PyObject object) {
      value = object.attribute(name);
      value = value == null ? object.items().get(name) : value;
    }
    return value instanceof PyNone ? null : value;
  }

  /** Whether it has such a name, if only with None. */
  static boolean has(Object of, String name) {
    return of instanceof PyDict dict
        ? dict.has(name)
        : of instanceof PyObject object
            && (object.attribute(name) != null || object.items().has(name));
  }

  /** The items of a list, a tuple, fastcore's {@code L} or {@code Pipeline}. */
  static List<Object> items(@Nullable Object value) {
    if (value instanceof PyList list) {
      return list.items();
    }
    if (value instanceof PyTuple tuple) {
      return tuple.items();
    }
    if (value instanceof PyObject object) {
      for (String name : List.of("fs", "items", "transforms")) {
        Object inner = object.attribute(name);
        if (inner != null) {
          return items(inner);
        }
      }
      if (!object.elements().items().isEmpty()) {
        return object.elements().items();
      }
    }
    return List.of();
  }

  /** An object's class. */
  static String type(@Nullable Object value) {
    return value instanceof PyObject object ? object.simpleName() : "";
  }

  /**
   * Statistics of samples 0 to 1, as a file gives them; what does not fit together, or is no number
   * that a network could use, is said.
   */
  static Optional<Normalization> normalization(
      @Nullable Object mean, @Nullable Object std, Draft draft) {
    if (mean == null && std == null) {
      return Optional.empty();
    }
    List<Double> means = new ArrayList<>(PickledNumbers.of(mean));
    List<Double> deviations = new ArrayList<>(PickledNumbers.of(std));
    if (means.isEmpty() || deviations.isEmpty()) {
      draft.note("the file's mean and std are not both numbers and are not followed");
      return Optional.empty();
    }
    if (means.size() != deviations.size() && means.size() != 1 && deviations.size() != 1) {
      draft.note(
          "the file's mean has %d values and its std %d; they are not followed"
              .formatted(means.size(), deviations.size()));
      return Optional.empty();
    }
    int channels = Math.max(means.size(), deviations.size());
    while (means.size() < channels) {
      means.add(means.get(0));
    }
    while (deviations.size() < channels) {
      deviations.add(deviations.get(0));
    }
    return Optional.of(new Normalization(means, deviations));
  }
}
