package io.camjar.weights.pickle;

import io.camjar.weights.bytes.Malformed;

/** Answers the references that a pickle makes to things stored outside it. */
@FunctionalInterface
public interface PersistentLoader {
  /** For pickles that should not have any. */
  PersistentLoader NONE =
      id -> {
        throw Malformed.damaged("its pickle refers to data outside itself");
      };

  /** The value that {@code id}, usually a tuple, stands for. */
  Object load(Object id);
}
