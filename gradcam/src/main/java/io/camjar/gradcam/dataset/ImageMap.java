package io.camjar.gradcam.dataset;

import io.camjar.gradcam.CamMap;
import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.MapStatus;
import io.camjar.gradcam.Prediction;
import io.camjar.gradcam.image.Box;
import io.camjar.gradcam.render.ScaledMap;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of one explained image, so that many fit into memory.
 *
 * @param image the image's name
 * @param predicted the top-1 class, which is the class that the map explains
 * @param actual the class that the image shows; null where that is not known
 * @param status whether the map shows anything
 * @param region the part of the image that the network saw, in the image's pixels
 * @param map values of 0 to 1, at most {@link #MOST} cells a side
 */
public record ImageMap(
    String image,
    Prediction predicted,
    @Nullable ClassLabel actual,
    MapStatus status,
    Box region,
    ScaledMap map) {
  /** Larger maps are averaged down to so many cells a side. */
  public static final int MOST = 28;

  /**
   * The first map of an explanation, which must be that of the top-1 class.
   *
   * @param actual the class that the image shows; null where that is not known
   */
  public static ImageMap of(Explanation explanation, @Nullable ClassLabel actual) {
    CamMap map = explanation.maps().get(0);
    return new ImageMap(
        explanation.image(),
        explanation.top(1).get(0),
        actual,
        map.status(),
        explanation.region(),
        small(map.toScaledMap()));
  }

  static ScaledMap small(ScaledMap map) {
    int height = Math.min(map.height(), MOST);
    int width = Math.min(map.width(), MOST);
    return height == map.height() && width == map.width()
        ? map
        : MapGrid.resized(map, height, width);
  }

  /** Whether the map shows where evidence lies; the others belong to no cluster. */
  public boolean showsEvidence() {
    return status == MapStatus.OK && MapGrid.mass(map) > 0;
  }

  /** Whether the top-1 class is the one that the image shows; null where that is not known. */
  public @Nullable Boolean right() {
    return actual == null ? null : actual.index() == predicted.target().index();
  }
}
