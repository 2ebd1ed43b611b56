package io.camjar.engine.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which steps read a value first and last, in the order of the forward. */
final class Readers {
  private final int[] first;
  private final int[] last;

  private Readers(int values) {
    this.first = new int[values];
    this.last = new int[values];
  }

  /** The readers of each value. */
  static Readers of(List<? extends @Nullable Step<?>> steps) {
    Readers readers = new Readers(steps.size());
    for (int value = 0; value < steps.size(); value++) {
      Step<?> step = steps.get(value);
      if (step != null) {
        for (int input : step.inputs()) {
          // No step computes value 0, an input, so 0 means nobody yet.
          readers.first[input] = readers.first[input] == 0 ? value : readers.first[input];
          readers.last[input] = value;
        }
      }
    }
    return readers;
  }

  /** The first step that reads a value; 0 if none does. */
  int first(int value) {
    return first[value];
  }

  /** The last step that reads a value; 0 if none does. */
  int last(int value) {
    return last[value];
  }
}
