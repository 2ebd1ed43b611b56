package io.camjar.gradcam.cli.images;

import io.camjar.gradcam.CamMap;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.image.Box;
import io.camjar.gradcam.image.RgbImage;

/**
 * A place on the picture, in its pixels from the top left.
 *
 * @param x along a row
 * @param y along a column
 */
public record MapPoint(double x, double y) {
  /** The middle of the cell where a map is largest. */
  public static MapPoint peak(Explanation explanation, CamMap map) {
    CamMap.Peak peak = map.peak();
    Box region = explanation.region();
    return new MapPoint(
        region.left() + (peak.column() + 0.5) * region.width() / map.width(),
        region.top() + (peak.row() + 0.5) * region.height() / map.height());
  }

  /** Whether it lies on the picture, and not in what was padded around it. */
  public boolean isOn(RgbImage picture) {
    return x >= 0 && y >= 0 && x <= picture.width() && y <= picture.height();
  }
}
