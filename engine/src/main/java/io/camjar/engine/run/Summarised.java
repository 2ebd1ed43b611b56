package io.camjar.engine.run;

import io.camjar.engine.op.Shape;
import io.camjar.engine.statistics.Measure;
import io.camjar.engine.statistics.Summary;
import org.jspecify.annotations.Nullable;

/**
 * The summary of a tensor's values, from when it is known until they change. Hooks look at the same
 * values more than once: those of several hooks, both sides of an addition in a backward.
 */
final class Summarised {
  private record Known(Measure measure, Shape shape, Summary summary) {}

  private @Nullable Known known;

  private Summarised() {}

  /** What is known of a value; kept among all from the first time on. */
  static Summarised of(@Nullable Summarised[] all, int value) {
    Summarised own = all[value];
    if (own == null) {
      own = new Summarised();
      all[value] = own;
    }
    return own;
  }

  /** What is known of a tensor that has the same values; nothing of null. */
  static @Nullable Summarised copy(@Nullable Summarised other) {
    if (other == null) {
      return null;
    }
    Summarised copy = new Summarised();
    copy.known = other.known;
    return copy;
  }

  /** The summary, if this one is known. */
  @Nullable Summary get(Measure measure, Shape shape) {
    Known of = known;
    return of != null && of.measure.equals(measure) && of.shape.equals(shape) ? of.summary : null;
  }

  void set(Measure measure, Shape shape, Summary summary) {
    known = new Known(measure, shape, summary);
  }

  /** The values have changed. */
  void clear() {
    known = null;
  }
}
