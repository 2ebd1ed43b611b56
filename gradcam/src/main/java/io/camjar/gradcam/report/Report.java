package io.camjar.gradcam.report;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.image.Box;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.ScaledMap;
import io.camjar.weights.provenance.Assumption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the page shows.
 *
 * @param title the heading, the image's name say
 * @param subtitle one line below it: network, preprocessing
 * @param footer one line at the end: program, version, date if wanted
 * @param picture the image
 * @param region the rectangle of it that the network saw, in its pixels
 * @param classes the most likely classes and those explained, in the order to list them
 * @param maps at least one; layers, classes and methods are offered in the order they first occur
 *     here, layers in network order
 * @param notes what else a reader must know
 */
public record Report(
    String title,
    String subtitle,
    String footer,
    RgbImage picture,
    Box region,
    List<ReportClass> classes,
    List<ReportMap> maps,
    Notes notes) {
  /**
   * What a reader of the maps must know.
   *
   * @param cautions for some methods a sentence on their maps
   * @param classBlind methods whose maps are the same for every class
   * @param expected the class that was expected; null where none was
   * @param sideBySide whether two methods, or two classes, are shown next to one another at first
   * @param assumed what the answer depends on and could have been otherwise
   */
  public record Notes(
      Map<String, String> cautions,
      Set<String> classBlind,
      @Nullable Integer expected,
      boolean sideBySide,
      List<Assumption> assumed) {
    /** Nothing to know. */
    public static final Notes NONE = new Notes(Map.of(), Set.of(), null, false, List.of());

    /** Copies what it holds. */
    public Notes {
      cautions = Map.copyOf(cautions);
      classBlind = Set.copyOf(classBlind);
      assumed = List.copyOf(assumed);
    }
  }

  /**
   * Copies the lists.
   *
   * @throws CamjarException if there are no maps, or a map's class is not among the classes
   */
  public Report {
    classes = List.copyOf(classes);
    maps = List.copyOf(maps);
    if (maps.isEmpty()) {
      throw new CamjarException("A report needs at least one map to show.");
    }
    List<Integer> known = classes.stream().map(ReportClass::index).toList();
    for (ReportMap map : maps) {
      if (!known.contains(map.index())) {
        throw new CamjarException(
            "The report has a map for class %d of layer %s, but lists only the classes %s."
                .formatted(map.index(), map.layer(), known));
      }
    }
  }

  /** A report without notes. */
  public Report(
      String title,
      String subtitle,
      String footer,
      RgbImage picture,
      Box region,
      List<ReportClass> classes,
      List<ReportMap> maps) {
    this(title, subtitle, footer, picture, region, classes, maps, Notes.NONE);
  }

  /**
   * A class of the network.
   *
   * @param probability 0 to 1, or NaN where it is not known
   */
  public record ReportClass(int index, String label, double probability) {}

  /**
   * One map.
   *
   * @param layer the layer's name
   * @param index the class
   * @param method how it was made, {@code Grad-CAM} say
   * @param map its values scaled to 0..1
   * @param min the smallest value before scaling
   * @param max the largest value before scaling
   * @param status {@code ok}, {@code no-positive-evidence} or {@code non-finite}
   */
  public record ReportMap(
      String layer, int index, String method, ScaledMap map, float min, float max, String status) {}
}
