package io.camjar.weights.pickle;

/** A value that remembers what a pickle's BUILD gives it. */
public interface PyStateful {
  /** Takes the state; {@code __setstate__} is never called. */
  void setState(Object state);
}
