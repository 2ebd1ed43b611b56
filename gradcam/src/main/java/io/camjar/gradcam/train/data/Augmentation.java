package io.camjar.gradcam.train.data;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.image.RgbImage;
import java.util.SplittableRandom;

/**
 * How an image is changed at random each time it is learned from. Crop, flip and rotation are one
 * bilinear sampling; colours change as torchvision's {@code ColorJitter} changes them, in the order
 * brightness, contrast, saturation.
 *
 * @param leastArea the least share of the image that a random resized crop shows; 1 for all of it
 * @param leastRatio the least width over height of a crop; its inverse is the largest
 * @param flip the probability of a mirror image
 * @param rotation the largest angle, radians
 * @param brightness factors lie within this of 1
 * @param contrast likewise
 * @param colour likewise, of saturation
 */
public record Augmentation(
    double leastArea,
    double leastRatio,
    double flip,
    double rotation,
    double brightness,
    double contrast,
    double colour) {
  /** What served ten classes of photographs well. */
  public static final Augmentation USUAL = new Augmentation(0.25, 0.75, 0.5, 0.15, 0.2, 0.2, 0.2);

  /** Nothing but the resize of the largest square in the middle. */
  public static final Augmentation NONE = new Augmentation(1, 1, 0, 0, 0, 0, 0);

  private static final int TRIES = 10;

  /**
   * An augmentation.
   *
   * @throws CamjarException if the least area or ratio is not above 0 and at most 1
   */
  public Augmentation {
    if (!(leastArea > 0 && leastArea <= 1) || !(leastRatio > 0 && leastRatio <= 1)) {
      throw new CamjarException(
          "a random crop's least area and ratio lie above 0 and up to 1, found %s and %s"
              .formatted(leastArea, leastRatio));
    }
  }

  /** The same with crops of another least area. */
  public Augmentation withLeastArea(double area) {
    return new Augmentation(area, leastRatio, flip, rotation, brightness, contrast, colour);
  }

  /** The centre of what is shown, its width and height, in pixels. */
  private record Crop(double x, double y, double width, double height) {}

  /**
   * Samples an image at random.
   *
   * @param size side of the result
   * @param mean of samples of 0 to 1, a channel
   * @param std likewise
   * @param values where {@code [3, size, size]} goes
   * @param at where in it
   */
  public void sample(
      RgbImage image,
      int size,
      float[] mean,
      float[] std,
      SplittableRandom random,
      float[] values,
      int at) {
    Crop crop = crop(image, random);
    boolean flipped = random.nextDouble() < flip;
    double angle = (2 * random.nextDouble() - 1) * rotation;
    float light = factor(brightness, random);
    float strength = factor(contrast, random);
    float saturation = factor(colour, random);
    double grays = geometry(image, crop, flipped, angle, size, values, at);
    int plane = size * size;
    float middle = (float) (grays / plane) * light;
    for (int i = at; i < at + plane; i++) {
      float gray = 0;
      float[] rgb = {values[i], values[i + plane], values[i + 2 * plane]};
      for (int c = 0; c < 3; c++) {
        rgb[c] = limited((limited(rgb[c] * light) - middle) * strength + middle);
        gray += rgb[c] * LUMA[c];
      }
      for (int c = 0; c < 3; c++) {
        float value = limited((rgb[c] - gray) * saturation + gray);
        values[i + c * plane] = (value / 255 - mean[c]) / std[c];
      }
    }
  }

  private static final float[] LUMA = {0.299f, 0.587f, 0.114f};

  private static float limited(float value) {
    return Math.max(0, Math.min(255, value));
  }

  private static float factor(double range, SplittableRandom random) {
    return (float) (1 + (2 * random.nextDouble() - 1) * range);
  }

  /** torchvision's {@code RandomResizedCrop}: ten tries, then the largest centred part. */
  private Crop crop(RgbImage image, SplittableRandom random) {
    double width = image.width();
    double height = image.height();
    for (int i = 0; i < TRIES; i++) {
      double area = width * height * (leastArea + (1 - leastArea) * random.nextDouble());
      double log = StrictMath.log(leastRatio);
      double ratio = StrictMath.exp(log - 2 * log * random.nextDouble());
      double w = Math.sqrt(area * ratio);
      double h = Math.sqrt(area / ratio);
      double x = random.nextDouble();
      double y = random.nextDouble();
      if (w <= width && h <= height) {
        return new Crop(w / 2 + x * (width - w), h / 2 + y * (height - h), w, h);
      }
    }
    double w = Math.min(width, height / leastRatio);
    double h = Math.min(height, width / leastRatio);
    return new Crop(width / 2, height / 2, w, h);
  }

  /** Fills values of 0 to 255; the sum of their grays. */
  private static double geometry(
      RgbImage image, Crop crop, boolean flipped, double angle, int size, float[] values, int at) {
    float cos = (float) StrictMath.cos(angle);
    float sin = (float) StrictMath.sin(angle);
    float stepX = (float) (crop.width / size) * (flipped ? -1 : 1);
    float stepY = (float) (crop.height / size);
    float middle = (size - 1) / 2f;
    int plane = size * size;
    double grays = 0;
    for (int row = 0; row < size; row++) {
      float v = (row - middle) * stepY;
      for (int column = 0; column < size; column++) {
        float u = (column - middle) * stepX;
        float x = reflected((float) crop.x - 0.5f + u * cos - v * sin, image.width());
        float y = reflected((float) crop.y - 0.5f + u * sin + v * cos, image.height());
        int left = (int) x;
        int top = (int) y;
        int right = Math.min(left + 1, image.width() - 1);
        int bottom = Math.min(top + 1, image.height() - 1);
        float fx = x - left;
        float fy = y - top;
        int i = at + row * size + column;
        for (int c = 0; c < 3; c++) {
          float above = image.sample(left, top, c) * (1 - fx) + image.sample(right, top, c) * fx;
          float below =
              image.sample(left, bottom, c) * (1 - fx) + image.sample(right, bottom, c) * fx;
          float value = above * (1 - fy) + below * fy;
          values[i + c * plane] = value;
          grays += value * LUMA[c];
        }
      }
    }
    return grays;
  }

  /** A place outside, mirrored at the outermost pixels. */
  private static float reflected(float place, int side) {
    float last = side - 1f;
    float inside = place < 0 ? -place : place;
    inside = inside > last ? 2 * last - inside : inside;
    return Math.max(0, Math.min(last, inside));
  }
}
