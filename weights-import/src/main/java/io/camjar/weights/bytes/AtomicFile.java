package io.camjar.weights.bytes;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that appears when it is whole, or not at all: written under a hidden name in its folder,
 * then renamed. It has the permissions that any new file gets, which {@link Files#createTempFile}
 * would deny to others than its owner.
 */
public final class AtomicFile implements AutoCloseable {
  private final Path file;
  private final Path part;

  /**
   * A file that is yet to be written.
   *
   * <p>A folder that nothing can be written to is refused by its name: what fails by the hidden
   * name later means nothing to a reader.
   *
   * @param file its name; a file that is there already is replaced by {@link #commit}
   * @throws NoSuchFileException if there is no such folder
   * @throws AccessDeniedException if it is read-only
   */
  public AtomicFile(Path file) throws IOException {
    this.file = file;
    // Short whatever the file's own name is: names may have 255 bytes.
    String unique = "%016x".formatted(ThreadLocalRandom.current().nextLong());
    this.part = file.toAbsolutePath().resolveSibling(".camjar-" + unique + ".part");
    Path folder = part.getParent();
    if (!Files.isDirectory(folder)) {
      throw new NoSuchFileException(folder.toString(), null, "there is no such folder");
    }
    if (!Files.isWritable(folder)) {
      throw new AccessDeniedException(folder.toString(), null, "the folder may not be written to");
    }
  }

  /** Where the content goes. */
  public Path part() {
    return part;
  }

  /** Whether a file of that name is there already and holds something else. */
  public boolean changes() throws IOException {
    return Files.exists(file) && Files.mismatch(part, file) >= 0;
  }

  /** Gives the file its name. */
  public Path commit() throws IOException {
    return Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Removes what was not committed. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(part);
  }
}
