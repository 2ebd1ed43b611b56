package io.camjar.weights.names.part;

import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The words in a module's path: {@code valAcc.tp_1} has {@code val}, {@code acc} and {@code tp},
 * and its parts as they are.
 */
public final class NameWords {
  private static final Pattern SEAMS = Pattern.compile("_|-|\\d+|(?<=[a-z])(?=[A-Z])");

  private NameWords() {}

  /** The words, in lower case. */
  public static Set<String> of(String path) {
    Set<String> words = new HashSet<>();
    for (String part : path.split("\\.")) {
      words.add(part.toLowerCase(Locale.ROOT));
      SEAMS.splitAsStream(part).map(word -> word.toLowerCase(Locale.ROOT)).forEach(words::add);
    }
    return words;
  }

  /** Whether one of the words in a path is one of these. */
  public static boolean anyOf(String path, Set<String> words) {
    return !Collections.disjoint(of(path), words);
  }
}
