package io.camjar.weights.pickle;

import io.camjar.weights.bytes.Malformed;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The machine's stack, with marks, and its memo; both bounded. */
final class PickleStack {
  private final List<Object> values = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final List<@Nullable Object> memo = new ArrayList<>();

  void push(Object value) {
    if (values.size() + marks.size() >= PickleLimits.MAX_STACK) {
      throw PickleLimits.tooMuch("a stack of more than " + PickleLimits.MAX_STACK + " values");
    }
    values.add(value);
  }

  Object pop() {
    requireValue();
    return values.remove(values.size() - 1);
  }

  Object top() {
    requireValue();
    return values.get(values.size() - 1);
  }

  void mark() {
    if (values.size() + marks.size() >= PickleLimits.MAX_STACK) {
      throw PickleLimits.tooMuch("more than " + PickleLimits.MAX_STACK + " marks");
    }
    marks.add(values.size());
  }

  /** Removes the last mark and what lies above it, and returns that, lowest first. */
  List<Object> popToMark() {
    if (marks.isEmpty()) {
      throw Malformed.damaged("its pickle closes a mark that it never set");
    }
    List<Object> above = values.subList(marks.remove(marks.size() - 1), values.size());
    List<Object> copy = new ArrayList<>(above);
    above.clear();
    return copy;
  }

  /** Removes {@code n} values and returns them, lowest first. */
  List<Object> pop(int n) {
    Object[] taken = new Object[n];
    for (int i = n - 1; i >= 0; i--) {
      taken[i] = pop();
    }
    return List.of(taken);
  }

  /** POP: a value, or a mark that has nothing above it. */
  void drop() {
    if (values.size() == floor() && !marks.isEmpty()) {
      marks.remove(marks.size() - 1);
    } else {
      pop();
    }
  }

  void memoize(long index) {
    if (index < 0 || index > PickleLimits.MAX_OBJECTS) {
      throw PickleLimits.tooMuch("a memo of " + index + " entries");
    }
    while (memo.size() <= index) {
      memo.add(null);
    }
    memo.set((int) index, top());
  }

  void memoize() {
    memoize(memo.size());
  }

  void recall(long index) {
    Object value = index < 0 || index >= memo.size() ? null : memo.get((int) index);
    if (value == null) {
      throw Malformed.damaged("its pickle recalls a value that it never made");
    }
    push(value);
  }

  private int floor() {
    return marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
  }

  private void requireValue() {
    if (values.size() <= floor()) {
      throw Malformed.damaged("its pickle takes a value from an empty stack");
    }
  }
}
