package io.camjar.gradcam.cli;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Names the results of pictures: the picture's stem, told apart where two pictures share one. */
final class Stems {
  private final Set<String> taken = new HashSet<>();

  /** The name for a picture: {@code dog} for {@code some/dog.jpg}, then {@code dog-2}. */
  String next(Path picture) {
    Path file = picture.getFileName();
    String name = file == null ? "picture" : file.toString();
    int dot = name.lastIndexOf('.');
    String stem = dot > 0 ? name.substring(0, dot) : name;
    String free = stem;
    // Letter case is ignored, as some file systems do.
    for (int i = 2; !taken.add(free.toLowerCase(Locale.ROOT)); i++) {
      free = stem + "-" + i;
    }
    return free;
  }
}
