package io.camjar.gradcam.render;

import io.camjar.engine.CamjarException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/** Writes a file completely or not at all: under another name first, then renamed. */
public final class WholeFile {
  private WholeFile() {}

  /**
   * Writes or replaces {@code file}, creating its folder if need be.
   *
   * @throws CamjarException naming the file and the cause; nothing half-written is left
   */
  public static void write(Path file, byte[] content) {
    Path target = file.toAbsolutePath();
    try {
      Path folder = Files.createDirectories(target.getParent());
      // Not createTempFile, whose files only their owner may read.
      String unique = Long.toHexString(ThreadLocalRandom.current().nextLong());
      Path part = folder.resolve("." + target.getFileName() + "." + unique + ".part");
      try {
        Files.write(part, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new CamjarException(
          "%s could not be written (%s: %s); check the folder and the space on the disk."
              .formatted(file, e.getClass().getSimpleName(), e.getMessage()),
          e);
    }
  }
}
