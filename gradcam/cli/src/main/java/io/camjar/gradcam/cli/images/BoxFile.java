package io.camjar.gradcam.cli.images;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.camjar.engine.CamjarException;
import io.camjar.gradcam.image.Box;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Boxes around the objects of images: {@code picture,left,top,right,bottom} a line, in pixels of
 * the image, several lines for several objects. An image is named by its path below the folder or
 * by its file name alone, in quotes if it has a comma; a first line of headings, empty lines and
 * lines that start with # do not count.
 */
public final class BoxFile {
  private static final int FIELDS = 5;

  private static final ObjectReader ROWS =
      CsvMapper.builder()
          .enable(CsvParser.Feature.WRAP_AS_ARRAY)
          .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
          .enable(CsvParser.Feature.TRIM_SPACES)
          .enable(CsvParser.Feature.ALLOW_COMMENTS)
          .build()
          .readerFor(String[].class);

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
    try (MappingIterator<String[]> rows = ROWS.readValues(file.toFile())) {
      boolean first = true;
      while (rows.hasNextValue()) {
        String[] fields = rows.nextValue();
        boolean headings = first && fields[fields.length - 1].equals("bottom");
        first = false;
        if (!headings) {
          Box box = box(fields);
          if (box == null) {
            throw new CamjarException(
                "%s, line %d: expected picture,left,top,right,bottom with left below right and top above bottom, found '%s'"
                    .formatted(
                        file,
                        rows.getParser().currentTokenLocation().getLineNr(),
                        String.join(",", fields)));
          }
          boxes.computeIfAbsent(fields[0], name -> new ArrayList<>()).add(box);
        }
      }
    } catch (JsonProcessingException e) {
      throw new CamjarException(
          "%s, line %d: %s; expected picture,left,top,right,bottom"
              .formatted(file, e.getLocation().getLineNr(), e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new CamjarException(file + " could not be read as text; name a file of boxes", e);
    }
    return new BoxFile(boxes);
  }

  /** The boxes of an image; empty if the file names none. */
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
        sides[i] = Double.parseDouble(fields[i + 1]);
      } catch (NumberFormatException e) {
        return null;
      }
    }
    boolean proper = sides[0] < sides[2] && sides[1] < sides[3];
    return proper ? new Box(sides[0], sides[1], sides[2], sides[3]) : null;
  }
}
