package io.camjar.gradcam.render;

import io.camjar.engine.CamjarException;
import io.camjar.weights.bytes.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a file completely or not at all. */
public final class WholeFile {
  private WholeFile() {}

  /**
   * Writes or replaces {@code file}, creating its folder if need be.
   *
   * @throws CamjarException naming the file and the cause; nothing half-written is left
   */
  public static void write(Path file, byte[] content) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (AtomicFile target = new AtomicFile(file)) {
        Files.write(target.part(), content);
        target.commit();
      }
    } catch (IOException e) {
      throw new CamjarException(
          "%s could not be written (%s: %s); check the folder and the space on the disk."
              .formatted(file, e.getClass().getSimpleName(), e.getMessage()),
          e);
    }
  }
}
