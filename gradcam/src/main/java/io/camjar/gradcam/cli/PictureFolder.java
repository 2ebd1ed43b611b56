package io.camjar.gradcam.cli;

import io.camjar.engine.CamjarException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The pictures below a folder, whatever folders they lie in. */
final class PictureFolder {
  private PictureFolder() {}

  /**
   * At most so many files, spread evenly over all of them in the order of their paths; hidden ones
   * do not count.
   *
   * @throws CamjarException if the folder cannot be listed or is empty
   */
  static List<Path> some(Path folder, int limit) {
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all =
          files
              .filter(Files::isRegularFile)
              .filter(file -> !file.getFileName().toString().startsWith("."))
              .sorted()
              .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new CamjarException(folder + " could not be listed; name a folder that exists", e);
    }
    if (all.isEmpty()) {
      throw new CamjarException(folder + " holds no pictures");
    }
    int count = Math.min(limit, all.size());
    List<Path> some = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      some.add(all.get((int) (i * all.size() / count)));
    }
    return some;
  }
}
