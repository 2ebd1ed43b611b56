package io.camjar.gradcam.files;

import io.camjar.engine.CamjarException;
import io.camjar.engine.NearestNames;
import io.camjar.engine.Spelling;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Kinds of files that show an explanation. */
public enum FileFormat {
  /** Overlays, heat maps and gray maps at the image's size; with several layers a sheet. */
  PNG("image/png"),
  /** Raw and scaled maps and the logits, float32 as {@code numpy.save} writes them. */
  NPY("application/octet-stream"),
  /** The record. */
  JSON("application/json"),
  /** One page with all maps, which loads nothing. */
  HTML("text/html"),
  /** An animation through all layers. */
  GIF("image/gif"),
  /**
   * Of each map a figure of two by two, and the map in its own size, a pixel a place of the layer;
   * both are PNG files.
   */
  FIGURE("image/png");

  private final String mediaType;

  FileFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  /** What HTTP calls such content. */
  public String mediaType() {
    return mediaType;
  }

  /** The word for it; of most formats files' names end with it, too. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All words. */
  public static List<String> names() {
    return Arrays.stream(values()).map(FileFormat::word).toList();
  }

  /**
   * The format of that word; case is free.
   *
   * @throws CamjarException if there is none, with the nearest one
   */
  public static FileFormat named(String word) {
    return Spelling.find(word, names())
        .map(found -> valueOf(found.toUpperCase(Locale.ROOT)))
        .orElseThrow(
            () ->
                new CamjarException(
                    "there is no format '%s'%s"
                        .formatted(word, NearestNames.choice(word, names()))));
  }
}
