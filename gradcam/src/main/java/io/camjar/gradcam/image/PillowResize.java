package io.camjar.gradcam.image;

import java.util.Arrays;

/**
 * Pillow's {@code Image.resize} for 8-bit RGB, bit for bit.
 *
 * <p>Source: Pillow, {@code src/libImaging/Resample.c} and, for {@link Resample#NEAREST}, {@code
 * Geometry.c}. The horizontal pass comes first and is rounded to 8 bits before the vertical one.
 */
public final class PillowResize {
  private static final int HALF = 1 << (Coefficients.PRECISION - 1);

  private PillowResize() {}

  /** The whole image at {@code width} x {@code height}. */
  public static RgbImage resize(RgbImage image, int width, int height, Resample filter) {
    return resize(image, width, height, filter, Box.whole(image.width(), image.height()));
  }

  /**
   * The part of the image inside {@code box} at {@code width} x {@code height}, as {@code
   * Image.resize(size, resample, box)}: the filter may read past the box, never past the image.
   *
   * @throws ImageException if the box leaves the image or is empty
   */
  public static RgbImage resize(RgbImage image, int width, int height, Resample filter, Box box) {
    return window(image, width, height, filter, box, 0, 0, width, height);
  }

  /**
   * The rectangle ({@code left}, {@code top}) {@code w} x {@code h} of what {@link #resize} would
   * return, without computing the rest: a 1 x 20,000 image must not become 256 x 5,120,000.
   */
  static RgbImage window(
      RgbImage image,
      int width,
      int height,
      Resample filter,
      Box box,
      int left,
      int top,
      int w,
      int h) {
    check(image, width, height, box);
    boolean sameWidth = width == image.width() && box.left() == 0 && box.right() == width;
    boolean sameHeight = height == image.height() && box.top() == 0 && box.bottom() == height;
    if (sameWidth && sameHeight) {
      return image.crop(left, top, w, h);
    }
    if (filter == Resample.NEAREST) {
      return nearest(image, width, height, box, left, top, w, h);
    }
    Coefficients rows =
        sameHeight
            ? null
            : Coefficients.of(
                image.height(), (float) box.top(), (float) box.bottom(), height, filter, top, h);
    int firstRow = rows == null ? top : rows.low();
    int endRow = rows == null ? top + h : rows.high();
    RgbImage across;
    if (sameWidth) {
      across = image.crop(left, firstRow, w, endRow - firstRow);
    } else {
      Coefficients columns =
          Coefficients.of(
              image.width(), (float) box.left(), (float) box.right(), width, filter, left, w);
      across = horizontal(image, columns, firstRow, endRow);
    }
    return rows == null ? across : vertical(across, rows, firstRow);
  }

  private static RgbImage horizontal(RgbImage image, Coefficients columns, int from, int to) {
    byte[] in = image.samples();
    int outWidth = columns.first().length;
    byte[] out = new byte[outWidth * (to - from) * 3];
    int at = 0;
    for (int y = from; y < to; y++) {
      int row = y * image.width() * 3;
      for (int x = 0; x < outWidth; x++) {
        int[] weights = columns.weights()[x];
        int source = row + columns.first()[x] * 3;
        int red = HALF;
        int green = HALF;
        int blue = HALF;
        for (int weight : weights) {
          red += (in[source] & 0xff) * weight;
          green += (in[source + 1] & 0xff) * weight;
          blue += (in[source + 2] & 0xff) * weight;
          source += 3;
        }
        out[at] = clip(red);
        out[at + 1] = clip(green);
        out[at + 2] = clip(blue);
        at += 3;
      }
    }
    return RgbImage.wrap(outWidth, to - from, out);
  }

  private static RgbImage vertical(RgbImage image, Coefficients rows, int firstRow) {
    byte[] in = image.samples();
    int stride = image.width() * 3;
    int outHeight = rows.first().length;
    byte[] out = new byte[stride * outHeight];
    int[] sums = new int[stride];
    for (int y = 0; y < outHeight; y++) {
      Arrays.fill(sums, HALF);
      int source = (rows.first()[y] - firstRow) * stride;
      for (int weight : rows.weights()[y]) {
        for (int i = 0; i < stride; i++) {
          sums[i] += (in[source + i] & 0xff) * weight;
        }
        source += stride;
      }
      for (int i = 0; i < stride; i++) {
        out[y * stride + i] = clip(sums[i]);
      }
    }
    return RgbImage.wrap(image.width(), outHeight, out);
  }

  private static RgbImage nearest(
      RgbImage image, int width, int height, Box box, int left, int top, int w, int h) {
    int[] columns = positions((float) box.left(), (float) box.right(), width, left, w);
    int[] rows = positions((float) box.top(), (float) box.bottom(), height, top, h);
    byte[] in = image.samples();
    byte[] out = new byte[w * h * 3];
    int at = 0;
    for (int row : rows) {
      for (int column : columns) {
        System.arraycopy(in, (row * image.width() + column) * 3, out, at, 3);
        at += 3;
      }
    }
    return RgbImage.wrap(w, h, out);
  }

  private static int[] positions(float low, float high, int size, int from, int count) {
    double step = (double) (high - low) / size;
    int[] out = new int[count];
    // Pillow adds the step again and again; multiplying would round differently.
    double at = low + step * 0.5;
    for (int i = 0; i < from + count; i++) {
      if (i >= from) {
        out[i - from] = (int) at;
      }
      at += step;
    }
    return out;
  }

  private static byte clip(int sum) {
    return (byte) Math.max(0, Math.min(255, sum >> Coefficients.PRECISION));
  }

  private static void check(RgbImage image, int width, int height, Box box) {
    if (width < 1 || height < 1) {
      throw new ImageException(
          "An image cannot be resized to %d x %d pixels; both sides must be at least 1."
              .formatted(width, height));
    }
    if (box.left() < 0
        || box.top() < 0
        || box.right() > image.width()
        || box.bottom() > image.height()
        || !(box.width() > 0 && box.height() > 0)) {
      throw new ImageException(
          "%s is not a rectangle inside the image of %d x %d pixels."
              .formatted(box, image.width(), image.height()));
    }
  }
}
