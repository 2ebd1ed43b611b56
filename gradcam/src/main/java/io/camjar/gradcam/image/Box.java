package io.camjar.gradcam.image;

/**
 * A rectangle of an image in its pixels, corners as fractions of a pixel allowed; (0, 0) is the top
 * left corner of the top left pixel.
 */
public record Box(double left, double top, double right, double bottom) {
  /** The whole of an image of the given size. */
  public static Box whole(int width, int height) {
    return new Box(0, 0, width, height);
  }

  /** The extent along a row, in pixels. */
  public double width() {
    return right - left;
  }

  /** The extent along a column, in pixels. */
  public double height() {
    return bottom - top;
  }
}
