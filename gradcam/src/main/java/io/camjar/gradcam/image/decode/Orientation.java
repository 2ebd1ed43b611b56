package io.camjar.gradcam.image.decode;

import io.camjar.gradcam.image.metadata.OrientationTag;

/**
 * Where the first row and column of an image belong: EXIF tag 0x0112 with EXIF's names for its
 * values, and the turn that brings the image upright.
 */
enum Orientation {
  TOP_LEFT(false, false, false),
  TOP_RIGHT(false, true, false),
  BOTTOM_RIGHT(false, true, true),
  BOTTOM_LEFT(false, false, true),
  LEFT_TOP(true, false, false),
  RIGHT_TOP(true, true, false),
  RIGHT_BOTTOM(true, true, true),
  LEFT_BOTTOM(true, false, true);

  private final boolean transpose;
  private final boolean flipX;
  private final boolean flipY;

  Orientation(boolean transpose, boolean flipX, boolean flipY) {
    this.transpose = transpose;
    this.flipX = flipX;
    this.flipY = flipY;
  }

  /** The turn that EXIF's number from 1 to 8 asks for. */
  static Orientation of(OrientationTag tag) {
    return values()[tag.value() - 1];
  }

  /** The image as it should be seen. */
  Rgb turn(Rgb image) {
    if (this == TOP_LEFT) {
      return image;
    }
    int width = transpose ? image.height() : image.width();
    int height = transpose ? image.width() : image.height();
    byte[] in = image.samples();
    byte[] out = new byte[in.length];
    int at = 0;
    for (int y = 0; y < height; y++) {
      int v = flipY ? height - 1 - y : y;
      for (int x = 0; x < width; x++) {
        int u = flipX ? width - 1 - x : x;
        int source = transpose ? u * image.width() + v : v * image.width() + u;
        System.arraycopy(in, source * 3, out, at, 3);
        at += 3;
      }
    }
    return new Rgb(width, height, out);
  }
}
