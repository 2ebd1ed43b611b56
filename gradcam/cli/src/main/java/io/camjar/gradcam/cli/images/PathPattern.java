package io.camjar.gradcam.cli.images;

import io.camjar.engine.CamjarException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern of paths as shells know it: {@code *} and {@code ?} within a name, {@code **} over any
 * number of folders (none, too), {@code [abc]}, {@code {jpg,png}}.
 *
 * @param base the folder below which paths can match
 * @param matcher of paths relative to the base
 * @param depth how many names a matching path has below the base, at most
 */
record PathPattern(Path base, PathMatcher matcher, int depth) {
  private static final Pattern MAGIC = Pattern.compile("[*?\\[{]");
  private static final String ANY_FOLDERS = "**/";

  /** Whether a word is more than a path. */
  static boolean isOne(String word) {
    return MAGIC.matcher(word).find();
  }

  /**
   * The pattern of a word.
   *
   * @throws CamjarException if a bracket or brace is not closed
   */
  static PathPattern of(String word) {
    String beforeMagic = MAGIC.split(word, 2)[0];
    int cut = beforeMagic.lastIndexOf('/') + 1;
    String rest = word.substring(cut).replaceAll("/+$", "");
    try {
      return new PathPattern(
          Path.of(word.substring(0, cut)),
          FileSystems.getDefault().getPathMatcher("glob:" + withoutFolders(rest)),
          rest.contains("**") ? Integer.MAX_VALUE : rest.split("/", -1).length);
    } catch (PatternSyntaxException e) {
      throw new CamjarException(
          "the pattern '%s' cannot be read (%s); close its brackets and braces"
              .formatted(word, e.getDescription()),
          e);
    }
  }

  /** Whether a path below the base is meant. */
  boolean matches(Path path) {
    return matcher.matches(base.relativize(path));
  }

  /** Java's {@code **}{@code /} wants one folder at least, shells' does not. */
  private static String withoutFolders(String pattern) {
    StringBuilder java = new StringBuilder();
    boolean inBraces = false; // where Java allows no further braces
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      inBraces = c == '{' || (inBraces && c != '}');
      if (!inBraces && pattern.startsWith(ANY_FOLDERS, i)) {
        java.append("{**/,}");
        i += ANY_FOLDERS.length() - 1;
      } else {
        java.append(c);
      }
    }
    return java.toString();
  }
}
