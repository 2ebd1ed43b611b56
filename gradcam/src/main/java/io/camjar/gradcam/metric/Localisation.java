package io.camjar.gradcam.metric;

import io.camjar.gradcam.image.Box;
import java.util.List;

/**
 * How a map fits boxes around the objects of its class.
 *
 * @param hit whether an object lies within 15 pixels of the map's largest value: the pointing game
 *     (Zhang et al. 2016, arXiv 1608.00507; the tolerance is TorchRay's)
 * @param energy the share of the map's sum that lies inside the boxes (Wang et al. 2020, Score-CAM,
 *     arXiv 1910.01279); 0 for an empty map
 */
public record Localisation(boolean hit, double energy) {
  private static final double TOLERANCE = 15;

  /**
   * A map against boxes.
   *
   * @param map values from 0, {@code [height][width]} of the image's pixels; NaN where the network
   *     did not look
   * @param boxes in the image's pixels
   */
  public static Localisation of(float[] map, int width, List<Box> boxes) {
    int largest = 0;
    double inside = 0;
    double all = 0;
    for (int i = 0; i < map.length; i++) {
      if (Float.isNaN(map[i])) {
        continue;
      }
      if (Float.isNaN(map[largest]) || map[i] > map[largest]) {
        largest = i;
      }
      all += map[i];
      double x = i % width + 0.5;
      double y = i / width + 0.5;
      if (boxes.stream().anyMatch(box -> distance(box, x, y) == 0)) {
        inside += map[i];
      }
    }
    double x = largest % width + 0.5;
    double y = largest / width + 0.5;
    boolean hit = all > 0 && boxes.stream().anyMatch(box -> distance(box, x, y) <= TOLERANCE);
    return new Localisation(hit, all > 0 ? inside / all : 0);
  }

  private static double distance(Box box, double x, double y) {
    double dx = Math.max(0, Math.max(box.left() - x, x - box.left() - box.width()));
    double dy = Math.max(0, Math.max(box.top() - y, y - box.top() - box.height()));
    return Math.hypot(dx, dy);
  }
}
