package io.camjar.gradcam.cli.output;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.cli.errors.EarlyEnd;
import io.camjar.gradcam.cli.errors.FileProblems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Files that appear together and complete, or not at all: written under hidden names, renamed on
 * {@link #commit}, removed on {@link #close} or when the JVM ends before that.
 */
public final class Staging implements AutoCloseable {
  /** Writes a file under the name it is given. */
  @FunctionalInterface
  public interface Writer {
    void write(Path part) throws IOException;
  }

  private final Path folder;
  private final String suffix = ".%016x.part".formatted(ThreadLocalRandom.current().nextLong());
  private final Map<String, Path> parts = new LinkedHashMap<>();
  private final EarlyEnd.Task cleaner = EarlyEnd.register(this::removeParts);

  /** Stages files for a folder, which is made when the first file comes. */
  public Staging(Path folder) {
    this.folder = folder;
  }

  /** Makes sure, before any work is done, that files could be written to a folder. */
  public static void check(Path folder) {
    Path existing = folder.toAbsolutePath().normalize();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (existing == null || !Files.isDirectory(existing)) {
      throw new CamjarException(
          "%s cannot hold the results: %s is a file; choose another --out"
              .formatted(folder, existing));
    }
    if (!Files.isWritable(existing)) {
      throw new CamjarException(
          "%s cannot hold the results: %s may not be written to; choose another --out"
              .formatted(folder, existing));
    }
  }

  /** Stages one file. */
  public void add(String name, byte[] content) {
    add(name, part -> Files.write(part, content));
  }

  /** Stages one file that is written by {@code writer}. */
  public void add(String name, Writer writer) {
    EarlyEnd.whole(
        () -> {
          Path part = folder.resolve("." + name + suffix);
          try {
            Files.createDirectories(folder);
            parts.put(name, part);
            writer.write(part);
          } catch (IOException e) {
            throw unwritable(name, e);
          }
        });
  }

  /** The names of all staged files. */
  public Set<String> names() {
    return Set.copyOf(parts.keySet());
  }

  /** Whether a file of that name is there already and holds something else. */
  public boolean changes(String name) {
    Path file = folder.resolve(name);
    try {
      return Files.exists(file) && Files.mismatch(file, parts.get(name)) >= 0;
    } catch (IOException e) {
      throw unwritable(name, e);
    }
  }

  /** Gives all staged files their names, in the order they came. */
  public List<Path> commit() {
    List<Path> files = new ArrayList<>();
    EarlyEnd.whole(() -> parts.forEach((name, part) -> files.add(rename(part, name))));
    parts.clear();
    return files;
  }

  private Path rename(Path part, String name) {
    try {
      return Files.move(part, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw unwritable(name, e);
    }
  }

  @Override
  public void close() {
    cleaner.close();
    removeParts();
  }

  private void removeParts() {
    for (Path part : parts.values()) {
      try {
        Files.deleteIfExists(part);
      } catch (IOException e) {
        part.toFile().deleteOnExit();
      }
    }
    parts.clear();
  }

  private CamjarException unwritable(String name, IOException e) {
    return new CamjarException(
        "%s could not be written (%s); check the disk or choose another --out"
            .formatted(folder.resolve(name), FileProblems.describe(e)),
        e);
  }
}
