package io.camjar.engine.run;

import io.camjar.engine.op.Shape;
import io.camjar.engine.statistics.Measure;
import io.camjar.engine.statistics.Summary;
import org.jspecify.annotations.Nullable;

/**
 * The summaries of a pass's values, each from when it is known until the value changes. Hooks look
 * at the same values more than once: those of several hooks, both sides of an addition in a
 * backward. Takes no memory in a pass that nobody looks at.
 */
final class Summaries {
  private record Known(Measure measure, Shape shape, Summary summary) {}

  private final int values;
  private @Nullable Known @Nullable [] known;

  /** Nothing is known of so many values. */
  Summaries(int values) {
    this.values = values;
  }

  /** The summary of a value, if this one is known. */
  @Nullable Summary get(int value, Measure measure, Shape shape) {
    Known of = known == null ? null : known[value];
    return of != null && of.measure.equals(measure) && of.shape.equals(shape) ? of.summary : null;
  }

  void set(int value, Measure measure, Shape shape, Summary summary) {
    put(value, new Known(measure, shape, summary));
  }

  /** A value has changed. */
  void clear(int value) {
    put(value, null);
  }

  /** A value has become the same as another. */
  void copy(int from, int value) {
    put(value, known == null ? null : known[from]);
  }

  /** A value has changed places with that of another list. */
  void swap(int value, Summaries other) {
    Known own = known == null ? null : known[value];
    put(value, other.known == null ? null : other.known[value]);
    other.put(value, own);
  }

  private void put(int value, @Nullable Known what) {
    if (known == null) {
      if (what == null) {
        return;
      }
      known = new Known[values];
    }
    known[value] = what;
  }
}
