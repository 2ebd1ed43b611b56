package io.camjar.gradcam.image;

/** The whole picture brought to the network's size, whatever becomes of its proportions. */
record Squish(Resample filter) implements Framing {
  @Override
  public Framed frame(RgbImage image, int height, int width) {
    return Framed.of(
        Resize.resize(image, width, height, filter), Box.whole(image.width(), image.height()));
  }
}
