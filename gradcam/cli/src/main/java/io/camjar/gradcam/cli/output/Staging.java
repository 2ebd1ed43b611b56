package io.camjar.gradcam.cli.output;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.cli.errors.EarlyEnd;
import io.camjar.gradcam.cli.errors.FileProblems;
import io.camjar.weights.bytes.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
  private final Map<String, AtomicFile> files = new LinkedHashMap<>();
  private final EarlyEnd.Task cleaner = EarlyEnd.register(this::removeParts);

  /** Stages files for a folder, which is made when the first file comes. */
  public Staging(Path folder) {
    this.folder = folder;
  }

  /** Makes sure, before any work is done, that files could be written to a folder. */
  public static void check(Path folder) {
    check(folder, "--out");
  }

  /**
   * The same for a folder that another option names.
   *
   * @param option that named it
   */
  public static void check(Path folder, String option) {
    Path existing = folder.toAbsolutePath().normalize();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (existing == null || !Files.isDirectory(existing)) {
      throw new CamjarException(
          "%s cannot hold the results: %s is a file; choose another %s"
              .formatted(folder, existing, option));
    }
    if (!Files.isWritable(existing)) {
      throw new CamjarException(
          "%s cannot hold the results: %s may not be written to; choose another %s"
              .formatted(folder, existing, option));
    }
  }

  /**
   * Makes sure, before any work is done, that a file could be written; its folder must be there.
   *
   * @param option that named it
   */
  public static void checkFile(Path file, String option) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || Files.isDirectory(file)) {
      throw new CamjarException("%s is a folder; give %s a file's name".formatted(file, option));
    }
    if (!Files.isDirectory(folder)) {
      throw new CamjarException(
          "there is no folder %s to write %s to; make it first"
              .formatted(folder, file.getFileName()));
    }
    if (!Files.isWritable(folder)) {
      throw new CamjarException(
          "%s cannot be written: the folder %s may not be written to; choose another %s"
              .formatted(file, folder, option));
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
          try {
            Files.createDirectories(folder);
            AtomicFile file = new AtomicFile(folder.resolve(name));
            files.put(name, file);
            writer.write(file.part());
          } catch (IOException e) {
            throw unwritable(name, e);
          }
        });
  }

  /** The names of all staged files. */
  public Set<String> names() {
    return Set.copyOf(files.keySet());
  }

  /** Whether a file of that name is there already and holds something else. */
  public boolean changes(String name) {
    try {
      return files.get(name).changes();
    } catch (IOException e) {
      throw unwritable(name, e);
    }
  }

  /** Gives all staged files their names, in the order they came. */
  public List<Path> commit() {
    List<Path> written = new ArrayList<>();
    EarlyEnd.whole(() -> files.forEach((name, file) -> written.add(rename(file, name))));
    files.clear();
    return written;
  }

  private Path rename(AtomicFile file, String name) {
    try {
      return file.commit();
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
    for (AtomicFile file : files.values()) {
      try {
        file.close();
      } catch (IOException e) {
        file.part().toFile().deleteOnExit();
      }
    }
    files.clear();
  }

  private CamjarException unwritable(String name, IOException e) {
    return new CamjarException(
        "%s could not be written (%s); check the disk or choose another --out"
            .formatted(folder.resolve(name), FileProblems.describe(e)),
        e);
  }
}
