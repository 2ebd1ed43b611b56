package io.camjar.gradcam.report;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.image.Box;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.ScaledMap;
import java.util.List;
import java.util.Map;

/**
 * What the page shows.
 *
 * @param title the heading, the picture's name say
 * @param subtitle one line below it: network, preprocessing
 * @param footer one line at the end: program, version, date if wanted
 * @param picture the picture
 * @param region the rectangle of it that the network saw, in its pixels
 * @param classes the most likely classes and those explained, in the order to list them
 * @param maps at least one; layers, classes and methods are offered in the order they first occur
 *     here, layers in network order
 * @param cautions for some methods what a reader of their maps must know
 */
public record Report(
    String title,
    String subtitle,
    String footer,
    RgbImage picture,
    Box region,
    List<ReportClass> classes,
    List<ReportMap> maps,
    Map<String, String> cautions) {
  /**
   * Copies the lists and the map.
   *
   * @throws CamjarException if there are no maps, or a map's class is not among the classes
   */
  public Report {
    classes = List.copyOf(classes);
    maps = List.copyOf(maps);
    cautions = Map.copyOf(cautions);
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

  /** A report without cautions. */
  public Report(
      String title,
      String subtitle,
      String footer,
      RgbImage picture,
      Box region,
      List<ReportClass> classes,
      List<ReportMap> maps) {
    this(title, subtitle, footer, picture, region, classes, maps, Map.of());
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
