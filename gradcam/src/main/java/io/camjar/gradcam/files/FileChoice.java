package io.camjar.gradcam.files;

import io.camjar.gradcam.render.ColorMap;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What is written of an explanation, and how it looks. Immutable.
 *
 * @param stem what the files' names begin with
 * @param formats which files
 * @param colors of heat maps and overlays
 * @param alpha the heat's share in overlays, 0 to 1
 * @param evolution the layers of the sheet and the animation, in network order; empty for none
 */
public record FileChoice(
    String stem, Set<FileFormat> formats, ColorMap colors, double alpha, List<String> evolution) {
  private static final double ALPHA = 0.5;

  /** Copies what it holds. */
  public FileChoice {
    formats = Set.copyOf(formats);
    evolution = List.copyOf(evolution);
  }

  /** Images and the record, in the colours that overlays have. */
  public static FileChoice named(String stem) {
    return new FileChoice(
        stem, Set.of(FileFormat.PNG, FileFormat.JSON), ColorMap.JET, ALPHA, List.of());
  }

  /** The same with these formats and no others. */
  public FileChoice withFormats(FileFormat... wanted) {
    Set<FileFormat> set = EnumSet.noneOf(FileFormat.class);
    set.addAll(Arrays.asList(wanted));
    return new FileChoice(stem, set, colors, alpha, evolution);
  }

  /** The same in these colours. */
  public FileChoice withLook(ColorMap heat, double share) {
    return new FileChoice(stem, formats, heat, share, evolution);
  }

  /** The same with a sheet, and where GIF is written an animation, of these layers. */
  public FileChoice withEvolution(List<String> layers) {
    return new FileChoice(stem, formats, colors, alpha, layers);
  }

  boolean has(FileFormat format) {
    return formats.contains(format);
  }
}
