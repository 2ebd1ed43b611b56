package io.camjar.gradcam.cli;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.Labels;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A file of class names, one a line, in index order. */
final class LabelFile {
  private static final long LARGEST = 16 << 20;

  private LabelFile() {}

  /**
   * Reads the names; blank lines at the end do not count.
   *
   * @throws CamjarException if the file cannot be read or a name is missing
   */
  static Labels read(Path file) {
    List<String> names = new ArrayList<>();
    for (String line : lines(file)) {
      names.add(line.strip());
    }
    while (!names.isEmpty() && names.get(names.size() - 1).isEmpty()) {
      names.remove(names.size() - 1);
    }
    if (names.isEmpty()) {
      throw new CamjarException(file + " holds no labels; give one class name a line");
    }
    int empty = names.indexOf("");
    if (empty >= 0) {
      throw new CamjarException(
          "%s has no name on line %d; give one class name a line".formatted(file, empty + 1));
    }
    return Labels.of(names);
  }

  private static List<String> lines(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw new CamjarException(file + " is too large for a list of class names");
      }
      String text = Files.readString(file, StandardCharsets.UTF_8);
      return (text.startsWith("\ufeff") ? text.substring(1) : text).lines().toList();
    } catch (CharacterCodingException e) {
      throw new CamjarException(
          file + " is not text in UTF-8; give one class name a line, in index order", e);
    } catch (IOException e) {
      throw new CamjarException(
          "the labels could not be read, %s".formatted(FileProblems.describe(e)), e);
    }
  }
}
