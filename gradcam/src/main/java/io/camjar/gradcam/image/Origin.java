package io.camjar.gradcam.image;

import io.camjar.weights.provenance.Assumption;
import io.camjar.weights.provenance.Assumption.Source;

/**
 * Who said how something is done to images.
 *
 * @param by the weights file or one next to it, an option, or nobody
 * @param where the place: {@code fastai 2's transforms}, {@code --size}; for a default what it was
 *     chosen for
 */
public record Origin(Source by, String where) {
  /** Whoever calls a method of this library. */
  static final Origin CALLER = new Origin(Source.OPTION, "a call");

  Assumption of(String what, Object value, String note) {
    String why = note.isEmpty() ? where : where + "; " + note;
    return new Assumption(what, String.valueOf(value), by, why);
  }

  /** As sentences have it. */
  @Override
  public String toString() {
    return switch (by) {
      case FILE -> "from the file, " + where;
      case OPTION -> where;
      default -> "by default, " + where;
    };
  }
}
