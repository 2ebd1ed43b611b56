package io.camjar.gradcam.image;

/**
 * A place on an image, in its pixels from the top left corner.
 *
 * @param x along a row
 * @param y along a column
 */
public record ImagePoint(double x, double y) {
  /** Whether it lies on the image, and not in what was padded around it. */
  public boolean isOn(RgbImage image) {
    return x >= 0 && y >= 0 && x <= image.width() && y <= image.height();
  }
}
