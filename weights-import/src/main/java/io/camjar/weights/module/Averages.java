package io.camjar.weights.module;

import java.util.Locale;
import java.util.Set;

/** Names under which programs keep an average of the weights. */
public final class Averages {
  private static final Set<String> WORDS =
      Set.of("ema", "swa", "avg", "average", "averaged", "polyak", "shadow");

  private Averages() {}

  /** Whether one of the words in a key or path is one of these. */
  public static boolean named(String key) {
    String spaced = key.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    for (String word : spaced.split("[^a-z]+")) {
      if (WORDS.contains(word)) {
        return true;
      }
    }
    return false;
  }
}
