package io.camjar.engine;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds the known names that a mistyped one was most likely meant to be. */
public final class NearestNames {
  private NearestNames() {}

  /**
   * The at most {@code count} nearest of {@code known}, the nearest first; letter case is free.
   * Names that differ in more than a third of what was typed are not near: there may be none.
   */
  public static List<String> of(String typed, Collection<String> known, int count) {
    String wanted = typed.toLowerCase(Locale.ROOT);
    record Candidate(String name, int distance, int sharedStart) {}
    return known.stream()
        .map(
            name -> {
              String candidate = name.toLowerCase(Locale.ROOT);
              return new Candidate(
                  name, orContained(wanted, candidate), sharedStart(wanted, candidate));
            })
        .filter(candidate -> candidate.distance() <= Math.max(1, wanted.length() / 3))
        .sorted(
            // People mistype the end of a path more often than its start.
            Comparator.comparingInt(Candidate::distance)
                .thenComparing(Candidate::sharedStart, Comparator.reverseOrder()))
        .limit(count)
        .map(Candidate::name)
        .toList();
  }

  /**
   * The end of a message about an unknown name: {@code "; did you mean layer4.1 or layer4.2?"}, or
   * nothing where no name is near.
   */
  public static String hint(String typed, Collection<String> known, int count) {
    List<String> nearest = of(typed, known, count);
    return nearest.isEmpty() ? "" : "; did you mean %s?".formatted(String.join(" or ", nearest));
  }

  /** As {@link #hint} with one name, and after it all that there are. */
  public static String choice(String typed, Collection<String> known) {
    String hint = hint(typed, known, 1);
    return (hint.isEmpty() ? "; there are " : hint + " There are ") + String.join(", ", known);
  }

  private static int sharedStart(String a, String b) {
    int i = 0;
    while (i < a.length() && i < b.length() && a.charAt(i) == b.charAt(i)) {
      i++;
    }
    return i;
  }

  /** The edit distance; a name that contains what was typed counts as one edit away. */
  private static int orContained(String a, String b) {
    return a.length() > 2 && b.contains(a) ? 1 : distance(a, b);
  }

  /**
   * The letters to be added, removed or replaced; two neighbours that changed places are one edit
   * (Damerau and Levenshtein, optimal string alignment).
   */
  public static int distance(String a, String b) {
    int[] beforeThat = new int[0];
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(substituted, 1 + Math.min(previous[j], current[j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          current[j] = Math.min(current[j], beforeThat[j - 2] + 1);
        }
      }
      beforeThat = previous;
      previous = current;
    }
    return previous[b.length()];
  }
}
