package io.camjar.gradcam.serve.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What tells one state of a file, or of the files of a folder, from another without reading them.
 *
 * @param states of each file: name, size, time of the last change, and what the file system knows
 *     it by; empty where there is no file
 */
record Stamp(List<String> states) {
  /** What was there when nothing was looked at. */
  static final Stamp NONE = new Stamp(List.of());

  /** The present state. */
  static Stamp of(Path file) {
    try {
      if (!Files.isDirectory(file)) {
        return new Stamp(List.of(state(file)));
      }
      List<String> states = new ArrayList<>();
      try (Stream<Path> inside = Files.list(file)) {
        for (Path one : inside.sorted().toList()) {
          states.add(state(one));
        }
      }
      return new Stamp(List.copyOf(states));
    } catch (IOException e) {
      // It is being replaced, or gone: what is loaded goes on.
      return NONE;
    }
  }

  private static String state(Path file) throws IOException {
    BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
    return "%s %d %s %s".formatted(file, found.size(), found.lastModifiedTime(), found.fileKey());
  }
}
