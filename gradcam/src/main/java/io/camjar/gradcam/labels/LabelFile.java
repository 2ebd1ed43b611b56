package io.camjar.gradcam.labels;

import io.camjar.engine.CamjarException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A file of class names. One name a line in index order; lines of {@code number: name}, {@code
 * number,name} or {@code n01440764 name}; JSON as Keras' {@code imagenet_class_index.json}, as the
 * {@code id2label} or {@code label2id} of a Transformers {@code config.json}, as torchvision's
 * {@code class_to_idx}, or a list; and the Python dict that many copy of ImageNet's names.
 */
public final class LabelFile {
  private static final long LARGEST = 16 << 20;

  private LabelFile() {}

  /**
   * Reads the names.
   *
   * @throws CamjarException if the file cannot be read or a name is missing
   */
  public static ClassNames read(Path file) {
    String text = text(file);
    String start = text.stripLeading();
    boolean json = start.startsWith("{") || start.startsWith("[");
    ClassNames names =
        json ? LabelJson.read(file.toString(), text) : LabelLines.read(file.toString(), text);
    if (names.names().isEmpty()) {
      throw new CamjarException(file + " holds no labels; give one class name a line");
    }
    return names;
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw new CamjarException(file + " is too large for a list of class names");
      }
      String text = Files.readString(file, StandardCharsets.UTF_8);
      return text.startsWith("\ufeff") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new CamjarException(
          file + " is not text in UTF-8; give one class name a line, in index order", e);
    } catch (IOException e) {
      throw new CamjarException(
          "the labels could not be read, %s: %s".formatted(file, cause(file, e)), e);
    }
  }

  private static String cause(Path file, IOException problem) {
    if (problem instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (problem instanceof AccessDeniedException) {
      return "permission denied";
    }
    return Files.isDirectory(file) ? "it is a folder" : problem.toString();
  }
}
