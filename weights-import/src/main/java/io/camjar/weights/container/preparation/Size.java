package io.camjar.weights.container.preparation;

/** The size of a network's input in pixels. */
public record Size(int height, int width) {
  static final int LARGEST = 16_384;

  /** A square. */
  public static Size square(int side) {
    return new Size(side, side);
  }

  /** Whether both sides can be an image's. */
  boolean usable() {
    return height >= 1 && width >= 1 && height <= LARGEST && width <= LARGEST;
  }

  @Override
  public String toString() {
    return height + " x " + width;
  }
}
