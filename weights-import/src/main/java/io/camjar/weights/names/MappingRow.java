package io.camjar.weights.names;

import io.camjar.weights.names.part.BodyNames;

/**
 * What became of one name.
 *
 * @param fate mapped, ignored, missing or refused
 * @param source the name in the file; empty if the file lacks it
 * @param target the engine's name, also of a counter that is ignored; empty if it has none
 * @param note why, or the shape that was expected and the one that was found
 */
public record MappingRow(Fate fate, String source, String target, String note) {
  /** The note of what batch norm counts in training. */
  static final String COUNTS = "counts training steps";

  /** What can become of a name. */
  public enum Fate {
    /** The tensor is used. */
    MAPPED,
    /** The tensor is not part of the network, or is not needed to run it. */
    IGNORED,
    /** The network needs it and the file lacks it. */
    MISSING,
    /** The network has it in another shape, or not at all although it changes what is computed. */
    REFUSED
  }

  /** Whether it counts training steps, as every batch norm does. */
  public boolean isCounter() {
    return note.equals(COUNTS) || source.endsWith(BodyNames.COUNTER);
  }
}
