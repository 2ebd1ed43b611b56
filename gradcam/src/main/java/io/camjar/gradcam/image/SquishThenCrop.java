package io.camjar.gradcam.image;

/**
 * What fastai 2's {@code RandomResizedCrop} does on a validation set: the whole picture squished to
 * a little more than the network's size, then the centre.
 *
 * <p>Source: fastai, {@code fastai/vision/augment.py}; {@code val_xtra} is 0.14.
 */
record SquishThenCrop(Resample filter) implements Framing {
  private static final double EXTRA = 0.14;

  @Override
  public Framed frame(RgbImage image, int height, int width) {
    int extra = (int) Math.ceil(Math.max(height, width) * EXTRA / 8) * 8;
    int offset = extra / 2;
    Box whole = Box.whole(image.width(), image.height());
    RgbImage seen =
        Resize.window(
            image, width + extra, height + extra, filter, whole, offset, offset, width, height);
    double scaleX = (double) image.width() / (width + extra);
    double scaleY = (double) image.height() / (height + extra);
    return Framed.of(
        seen,
        new Box(
            offset * scaleX,
            offset * scaleY,
            (offset + width) * scaleX,
            (offset + height) * scaleY));
  }
}
