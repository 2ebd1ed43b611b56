package io.camjar.gradcam.cli.images;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Names the results of images: the image's stem, told apart where two images share one. */
public final class Stems {
  /** How often a stem was asked for, and 1 for every name that was given. */
  private final Map<String, Integer> taken = new HashMap<>();

  /** The name for an image: {@code dog} for {@code some/dog.jpg}, then {@code dog-2}. */
  public String next(Path picture) {
    Path file = picture.getFileName();
    String name = file == null ? "image" : file.toString();
    int dot = name.lastIndexOf('.');
    String stem = dot > 0 ? name.substring(0, dot) : name;
    int count = taken.merge(key(stem), 1, Integer::sum);
    if (count == 1) {
      return stem;
    }
    while (taken.putIfAbsent(key(stem + "-" + count), 1) != null) {
      count++;
    }
    taken.put(key(stem), count);
    return stem + "-" + count;
  }

  /** Gives a name to no image. */
  public Stems reserve(String name) {
    taken.putIfAbsent(key(name), 1);
    return this;
  }

  /** Letter case is ignored, as some file systems do. */
  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
