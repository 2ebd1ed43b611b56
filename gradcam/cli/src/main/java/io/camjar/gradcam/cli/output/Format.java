package io.camjar.gradcam.cli.output;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What {@code --format} lets be written. */
public enum Format {
  PNG,
  NPY,
  JSON,
  HTML,
  GIF,
  FIGURE;

  /** The words of the command line. */
  public static List<String> names() {
    return Arrays.stream(values()).map(Format::word).toList();
  }

  /** The formats that are meant by words of {@link #names}. */
  public static Set<Format> of(List<String> words) {
    Set<Format> formats = EnumSet.noneOf(Format.class);
    words.forEach(word -> find(word).ifPresent(formats::add));
    return formats;
  }

  private static Optional<Format> find(String word) {
    return Arrays.stream(values()).filter(format -> format.word().equals(word)).findFirst();
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
