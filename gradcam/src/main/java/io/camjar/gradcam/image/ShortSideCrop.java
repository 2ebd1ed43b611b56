package io.camjar.gradcam.image;

import java.util.function.IntUnaryOperator;

/**
 * torchvision's and timm's framing: the short side is brought to a length by {@link Resize}, then
 * the centre is cropped.
 *
 * <p>Sources: torchvision {@code transforms/_presets.py} and {@code functional.py}: the long side
 * is truncated, the crop's offset is Python's {@code round}, half to even.
 *
 * @param shortSide the short side for a network of a given side; never less than that side
 */
record ShortSideCrop(IntUnaryOperator shortSide, Resample filter) implements Framing {
  @Override
  public Framed frame(RgbImage image, int height, int width) {
    int target = shortSide.applyAsInt(Math.max(height, width));
    int w = image.width();
    int h = image.height();
    int resizedWidth = w <= h ? target : longSide(target, w, h);
    int resizedHeight = w <= h ? longSide(target, h, w) : target;
    int left = (int) Math.rint((resizedWidth - width) / 2.0);
    int top = (int) Math.rint((resizedHeight - height) / 2.0);
    RgbImage seen =
        Resize.window(
            image, resizedWidth, resizedHeight, filter, Box.whole(w, h), left, top, width, height);
    double scaleX = (double) w / resizedWidth;
    double scaleY = (double) h / resizedHeight;
    return Framed.of(
        seen,
        new Box(left * scaleX, top * scaleY, (left + width) * scaleX, (top + height) * scaleY));
  }

  private static int longSide(int target, int longest, int shortest) {
    // torchvision: int(size * long / short), a product of integers divided as doubles.
    return (int) ((double) ((long) target * longest) / shortest);
  }
}
