package io.camjar.gradcam.cli.images;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.image.Box;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Boxes around the objects of pictures: {@code picture,left,top,right,bottom} a line, in pixels of
 * the picture, several lines for several objects. A picture is named by its path below the folder
 * or by its file name alone; a first line of headings and lines that start with # do not count.
 */
public final class BoxFile {
  private static final int FIELDS = 5;

  private final Map<String, List<Box>> boxes;

  private BoxFile(Map<String, List<Box>> boxes) {
    this.boxes = boxes;
  }

  /** No boxes at all. */
  public static BoxFile none() {
    return new BoxFile(Map.of());
  }

  /**
   * Reads a file.
   *
   * @throws CamjarException naming file and line
   */
  public static BoxFile read(Path file) {
    Map<String, List<Box>> boxes = new HashMap<>();
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new CamjarException(file + " could not be read as text; name a file of boxes", e);
    }
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#") && !(i == 0 && line.endsWith("bottom"))) {
        String[] fields = line.split(",", -1);
        Box box = box(fields);
        if (box == null) {
          throw new CamjarException(
              "%s, line %d: expected picture,left,top,right,bottom with left below right and top above bottom, found '%s'"
                  .formatted(file, i + 1, line));
        }
        boxes.computeIfAbsent(fields[0].strip(), name -> new ArrayList<>()).add(box);
      }
    }
    return new BoxFile(boxes);
  }

  /** The boxes of a picture; empty if the file names none. */
  public List<Box> of(Path folder, Path picture) {
    String below = folder.relativize(picture).toString().replace('\\', '/');
    List<Box> found = boxes.get(below);
    return found != null ? found : boxes.getOrDefault(picture.getFileName().toString(), List.of());
  }

  private static @Nullable Box box(String[] fields) {
    if (fields.length != FIELDS) {
      return null;
    }
    double[] sides = new double[FIELDS - 1];
    for (int i = 0; i < sides.length; i++) {
      try {
        sides[i] = Double.parseDouble(fields[i + 1].strip());
      } catch (NumberFormatException e) {
        return null;
      }
    }
    boolean proper = sides[0] < sides[2] && sides[1] < sides[3];
    return proper ? new Box(sides[0], sides[1], sides[2], sides[3]) : null;
  }
}
