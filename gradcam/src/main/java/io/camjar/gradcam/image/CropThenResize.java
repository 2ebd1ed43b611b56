package io.camjar.gradcam.image;

/**
 * fastai 2's {@code Resize(method=ResizeMethod.Crop)} on a validation set: the largest centred
 * rectangle of the network's shape, then a resize that sees nothing outside it.
 *
 * <p>Source: fastai, {@code fastai/vision/augment.py}.
 */
record CropThenResize(Resample filter) implements Framing {
  @Override
  public Framed frame(RgbImage image, int height, int width) {
    int w = image.width();
    int h = image.height();
    double scale = Math.min((double) w / width, (double) h / height);
    int cropWidth = Math.max((int) (scale * width), 1);
    int cropHeight = Math.max((int) (scale * height), 1);
    int left = (int) (0.5 * (w - cropWidth));
    int top = (int) (0.5 * (h - cropHeight));
    RgbImage crop = image.crop(left, top, cropWidth, cropHeight);
    return Framed.of(
        Resize.resize(crop, width, height, filter),
        new Box(left, top, left + cropWidth, top + cropHeight));
  }
}
