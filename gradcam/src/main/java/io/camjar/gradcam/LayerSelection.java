package io.camjar.gradcam;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.Point;
import io.camjar.engine.model.Points;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What users say of layers, as paths of a network. */
final class LayerSelection {
  private static final Pattern INTEGER = Pattern.compile("-?\\d{1,9}");

  private LayerSelection() {}

  /**
   * The layers that these names mean, each once, in the order of the names.
   *
   * @throws CamjarException if there is no such layer, or it has no maps
   */
  static List<String> select(Network network, Collection<String> names) {
    Points points = network.points();
    Set<String> paths = new LinkedHashSet<>();
    for (String name : names) {
      if (name.equalsIgnoreCase("all")) {
        points.blocks().forEach(block -> paths.add(block.path()));
      } else if (INTEGER.matcher(name).matches()) {
        paths.add(spatial(points.beforeLast(Integer.parseInt(name)), points));
      } else {
        paths.add(spatial(points.resolve(name), points));
      }
    }
    return List.copyOf(paths);
  }

  private static String spatial(Point point, Points points) {
    if (!point.spatial()) {
      throw new CamjarException(
          "layer %s (%s) has no height and width, so there is no map of it; the last layer that has is %s"
              .formatted(point.path(), point.kind(), points.lastBlock()));
    }
    return point.path();
  }
}
