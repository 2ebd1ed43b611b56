package io.camjar.weights.bytes;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Files that a user names. */
public final class InputFiles {
  private InputFiles() {}

  /**
   * Maps a whole file.
   *
   * @throws Malformed if it does not exist, is a folder or cannot be read
   */
  public static ByteRegion map(Path file) {
    if (Files.isDirectory(file)) {
      throw new Malformed("is a folder", "give a file");
    }
    try {
      return ByteRegion.map(file);
    } catch (NoSuchFileException e) {
      throw new Malformed("does not exist", "check the path", e);
    } catch (AccessDeniedException e) {
      throw new Malformed("may not be read by this user", "change its permissions", e);
    } catch (IOException e) {
      throw new Malformed("cannot be read (" + e.getMessage() + ")", "check the disk", e);
    }
  }
}
