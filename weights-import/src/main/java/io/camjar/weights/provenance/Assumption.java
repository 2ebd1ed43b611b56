package io.camjar.weights.provenance;

import java.util.Locale;

/**
 * One thing that an answer depends on and that could have been otherwise, with who said so.
 *
 * <p>A plain value: any package may make one, and records, pages, {@code inspect} and {@code
 * doctor} show the same list of them.
 *
 * @param what one of the names in {@link What}, or another of the form {@code area.thing}
 * @param value what was assumed, as a reader would write it: {@code state_dict}, {@code 224 x 224}
 * @param source who said so
 * @param note why, or what else it could have been, in one sentence; empty where there is nothing
 *     to add
 */
public record Assumption(String what, String value, Source source, String note) {
  /** Who said so. */
  public enum Source {
    /** The user, by an option or a call. */
    OPTION,
    /** The file of weights or of the image, or one that belongs to it. */
    FILE,
    /** The network itself, which leaves only one way. */
    NETWORK,
    /** Nobody: it is what is usual. */
    DEFAULT;

    /**
     * The word that records use: {@code option}, {@code file}, {@code network}, {@code default}.
     */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Refuses what no record could show.
   *
   * @throws IllegalArgumentException if {@code what} is not of the form {@code area.thing}
   */
  public Assumption {
    if (!what.matches("[a-z]+(\\.[a-z-]+)+")) {
      throw new IllegalArgumentException("\"" + what + "\" is not of the form area.thing");
    }
  }

  /** Said by an option or a call. */
  public static Assumption byOption(String what, Object value, String note) {
    return new Assumption(what, String.valueOf(value), Source.OPTION, note);
  }

  /** Said by a file; the note names the evidence. */
  public static Assumption byFile(String what, Object value, String note) {
    return new Assumption(what, String.valueOf(value), Source.FILE, note);
  }

  /** Said by nobody; the note says why it is usual, or how to change it. */
  public static Assumption byDefault(String what, Object value, String note) {
    return new Assumption(what, String.valueOf(value), Source.DEFAULT, note);
  }

  /** {@code preparation.size 224 x 224 (file)}, and the note where there is one. */
  @Override
  public String toString() {
    return "%s %s (%s)%s".formatted(what, value, source.word(), note.isEmpty() ? "" : ": " + note);
  }
}
