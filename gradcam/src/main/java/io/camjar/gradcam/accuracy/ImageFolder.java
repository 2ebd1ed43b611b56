package io.camjar.gradcam.accuracy;

import io.camjar.engine.CamjarException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A folder with one folder a class, as torchvision's {@code ImageFolder} wants it: the folders'
 * names in alphabetical order are the classes in index order.
 *
 * @param classes the folders' names in index order
 * @param pictures every file, class by class and by name within a class
 */
public record ImageFolder(List<String> classes, List<LabelledPicture> pictures) {

  public ImageFolder {
    classes = List.copyOf(classes);
    pictures = List.copyOf(pictures);
  }

  /**
   * Lists a folder; hidden files and folders do not count.
   *
   * @throws CamjarException if it cannot be listed or holds no pictures
   */
  public static ImageFolder list(Path folder) {
    List<Path> folders = entries(folder, Files::isDirectory);
    List<LabelledPicture> pictures = new ArrayList<>();
    for (int index = 0; index < folders.size(); index++) {
      for (Path file : entries(folders.get(index), Files::isRegularFile)) {
        pictures.add(new LabelledPicture(file, index));
      }
    }
    if (pictures.isEmpty()) {
      throw new CamjarException(
          folder
              + " holds no pictures in folders; make one folder a class, with its pictures in it");
    }
    List<String> names = folders.stream().map(f -> f.getFileName().toString()).toList();
    return new ImageFolder(names, pictures);
  }

  private static List<Path> entries(Path folder, Predicate<Path> wanted) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(wanted)
          .filter(entry -> !entry.getFileName().toString().startsWith("."))
          .sorted((a, b) -> a.getFileName().toString().compareTo(b.getFileName().toString()))
          .toList();
    } catch (IOException e) {
      throw new CamjarException(folder + " could not be listed; name a folder that exists", e);
    }
  }

  /**
   * Refuses a folder that has not one folder for each class of a model.
   *
   * @throws CamjarException naming both counts
   */
  public ImageFolder requireClasses(int expected) {
    if (classes.size() != expected) {
      throw new CamjarException(
          ("the folder has %d classes (%s), but the model has %d; give one folder a class, their names"
                  + " in index order")
              .formatted(classes.size(), summary(), expected));
    }
    return this;
  }

  private String summary() {
    String first = String.join(", ", classes.subList(0, Math.min(3, classes.size())));
    return classes.size() > 3 ? first + ", ..." : first;
  }
}
