package io.camjar.gradcam.cli.images;

import io.camjar.gradcam.Labels;
import java.nio.file.Path;

/**
 * An image that was named, or found in a folder.
 *
 * @param file the image
 * @param classFolder the folder whose name may say what it shows: the first one below a folder that
 *     was named, else the one it lies in; absolute
 * @param root the folder that was named, else the one it lies in; absolute
 */
public record FoundImage(Path file, Path classFolder, Path root) {
  /**
   * The folder that says what it shows: of those between it and the folder that was named the first
   * that bears a class's name, then that folder itself; if none does, {@link #classFolder}.
   */
  public Path classFolder(Labels labels) {
    Path below = root.relativize(file.toAbsolutePath().normalize());
    Path folder = root;
    for (int i = 0; i < below.getNameCount() - 1; i++) {
      folder = folder.resolve(below.getName(i));
      if (isClass(folder, labels)) {
        return folder;
      }
    }
    return isClass(root, labels) ? root : classFolder;
  }

  private static boolean isClass(Path folder, Labels labels) {
    Path name = folder.getFileName();
    return name != null && labels.find(name.toString()).isPresent();
  }
}
