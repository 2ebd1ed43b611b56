package io.camjar.gradcam.image.decode;

/** The area that an animation's frames are drawn on. */
record AnimationCanvas(int width, int height, int background) {
  /**
   * A canvas.
   *
   * @param background its colour before anything is drawn, {@code 0xRRGGBB}
   */
  static AnimationCanvas of(int width, int height, int background) {
    return new AnimationCanvas(width, height, background);
  }

  /** The canvas with a frame on it; what of the frame leaves it is cut off. */
  Rgb with(Rgb frame, int left, int top) {
    if (left == 0 && top == 0 && frame.width() == width && frame.height() == height) {
      return frame;
    }
    byte[] out = new byte[width * height * 3];
    for (int at = 0; at < out.length; ) {
      at = Pixels.put(out, at, background);
    }
    int columns = Math.min(frame.width(), width - left);
    int rows = Math.min(frame.height(), height - top);
    for (int y = 0; y < rows && columns > 0; y++) {
      System.arraycopy(
          frame.samples(), y * frame.width() * 3, out, ((top + y) * width + left) * 3, columns * 3);
    }
    return new Rgb(width, height, out);
  }
}
