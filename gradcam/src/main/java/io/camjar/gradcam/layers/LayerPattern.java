package io.camjar.gradcam.layers;

import io.camjar.engine.CamjarException;
import io.camjar.engine.graph.PathPattern;
import io.camjar.engine.model.Point;
import io.camjar.engine.model.Points;
import java.util.List;
import java.util.Locale;

/** The layers that a {@link PathPattern} names, in any letters' case. */
final class LayerPattern {
  private LayerPattern() {}

  /**
   * The layers with maps whose path or alias matches, in network order.
   *
   * @throws CamjarException if there is none
   */
  static List<String> matching(String name, Points points) {
    PathPattern pattern = PathPattern.of(name.toLowerCase(Locale.ROOT));
    List<String> paths =
        points.all().stream()
            .filter(Point::spatial)
            .filter(
                point ->
                    matches(pattern, point.path())
                        || point.aliases().stream().anyMatch(alias -> matches(pattern, alias)))
            .map(Point::path)
            .toList();
    if (paths.isEmpty()) {
      throw new CamjarException(
          "no layer with maps matches '%s'; ./camjar layers lists the names there are"
              .formatted(name));
    }
    return paths;
  }

  private static boolean matches(PathPattern pattern, String name) {
    return pattern.matches(name.toLowerCase(Locale.ROOT));
  }
}
