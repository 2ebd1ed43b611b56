package io.camjar.engine.graph;

import java.util.regex.Pattern;

/**
 * A pattern of layers' paths: {@code *} is any text and {@code ?} any letter of one part of a path,
 * {@code **} any number of parts. {@code layer3.*} are the blocks of stage 3, {@code **.conv2}
 * every second convolution.
 */
public final class PathPattern {
  private final Pattern regex;

  private PathPattern(Pattern regex) {
    this.regex = regex;
  }

  /** Whether a text is a pattern, not a path. */
  public static boolean isOne(String text) {
    return text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
  }

  /** The pattern of a text. */
  public static PathPattern of(String text) {
    return new PathPattern(compile(text, "[^.]"));
  }

  /** The pattern of a text whose {@code *} and {@code ?} may stand for dots too. */
  public static PathPattern acrossParts(String text) {
    return new PathPattern(compile(text, "."));
  }

  private static Pattern compile(String text, String letter) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (text.startsWith("**", i)) {
        regex.append(".*");
        i++;
      } else if (c == '*') {
        regex.append(letter).append('*');
      } else if (c == '?') {
        regex.append(letter);
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString());
  }

  /** Whether a path is one of those. */
  public boolean matches(String path) {
    return regex.matcher(path).matches();
  }
}
