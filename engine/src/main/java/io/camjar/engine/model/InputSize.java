package io.camjar.engine.model;

import io.camjar.engine.CamjarException;

/**
 * The size of the images that a network is meant for, in pixels.
 *
 * @param height of the images it was trained on, or of those it usually gets
 * @param width of the same
 * @param fixed whether it takes no other size
 */
public record InputSize(int height, int width, boolean fixed) {
  /** The side that most classifiers of ImageNet are meant for. */
  public static final int USUAL = 224;

  /**
   * A size.
   *
   * @throws CamjarException if a side is below 1
   */
  public InputSize {
    if (height < 1 || width < 1) {
      throw new CamjarException(
          "images have a positive size, found %dx%d".formatted(height, width));
    }
  }

  /** Squares, usually of this side, but others too. */
  public static InputSize any(int side) {
    return new InputSize(side, side, false);
  }

  /** Images of this size and no other. */
  public static InputSize only(int height, int width) {
    return new InputSize(height, width, true);
  }

  /** Whether images of this size can be given. */
  public boolean allows(long imageHeight, long imageWidth) {
    return !fixed || (imageHeight == height && imageWidth == width);
  }
}
