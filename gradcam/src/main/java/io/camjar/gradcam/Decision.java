package io.camjar.gradcam;

import io.camjar.weights.provenance.Assumption;
import io.camjar.weights.provenance.Assumption.Source;
import io.camjar.weights.provenance.What;

/**
 * A setting, with who decided on it and why, for records and messages.
 *
 * @param value what was decided
 * @param by who did
 * @param reason in a few words, {@code the file's loss is BCEWithLogitsLoss} for example
 */
public record Decision<T>(T value, By by, String reason) {
  /** Who decides, the strongest word first. */
  public enum By {
    /** The user, by an option or a call. */
    OPTION,
    /** The file of weights, or one that belongs to it. */
    FILE,
    /** What the network is: there is only one way for it. */
    NETWORK,
    /** What is usual; nothing says so. */
    ASSUMED
  }

  /** The same for a record, under one of the names of {@link What}. */
  public Assumption assumed(String what, String words) {
    Source source =
        switch (by) {
          case OPTION -> Source.OPTION;
          case FILE -> Source.FILE;
          case NETWORK -> Source.NETWORK;
          case ASSUMED -> Source.DEFAULT;
        };
    return new Assumption(what, words, source, reason);
  }

  /** Another value that was decided in the same way. */
  public <U> Decision<U> of(U other) {
    return new Decision<>(other, by, reason);
  }
}
