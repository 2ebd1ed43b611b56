package io.camjar.engine;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * Names as people type them: {@code Grad-CAM}, {@code grad_cam} and {@code gradcam} are one name.
 */
public final class Spelling {
  private Spelling() {}

  /** A name in lower case, without the hyphens, underscores and blanks that people vary. */
  public static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_\\s]", "");
  }

  /** Which of the known names is meant: exactly that one, else the first that is spelled alike. */
  public static Optional<String> find(String typed, Collection<String> known) {
    if (known.contains(typed)) {
      return Optional.of(typed);
    }
    String wanted = plain(typed);
    return known.stream().filter(name -> plain(name).equals(wanted)).findFirst();
  }
}
