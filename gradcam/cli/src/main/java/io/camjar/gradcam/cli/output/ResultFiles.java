package io.camjar.gradcam.cli.output;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Files for those who want to work on with results: written where a folder was named, all of them
 * or none.
 *
 * @param folder null where none was named
 * @param err hears what was written
 */
public record ResultFiles(@Nullable Path folder, PrintWriter err) {
  /** Refuses, before anything is computed, a folder that cannot be written to. */
  public void check() {
    if (folder != null) {
      Staging.check(folder);
    }
  }

  /** Writes what {@code add} stages, if a folder was named. */
  public void write(Consumer<Staging> add) {
    if (folder == null) {
      return;
    }
    try (Staging staging = new Staging(folder)) {
      add.accept(staging);
      List<Path> files = staging.commit();
      err.printf(
          "camjar: wrote %s%n",
          files.stream().map(Path::toString).collect(Collectors.joining(", ")));
      err.flush();
    }
  }
}
