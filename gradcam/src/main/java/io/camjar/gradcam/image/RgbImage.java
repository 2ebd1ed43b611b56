package io.camjar.gradcam.image;

import java.awt.image.BufferedImage;
import java.util.Arrays;

/**
 * An image as PyTorch's users know it from {@code Image.open(p).convert('RGB')}: 8 bits per
 * channel, rows from the top, red, green and blue interleaved. Immutable.
 */
public final class RgbImage {
  private final int width;
  private final int height;
  private final byte[] rgb;

  private RgbImage(int width, int height, byte[] rgb) {
    this.width = width;
    this.height = height;
    this.rgb = rgb;
  }

  /**
   * Copies {@code rgb} into an image.
   *
   * @param rgb {@code height * width * 3} bytes
   * @throws ImageException if a side is not positive or the length does not fit
   */
  public static RgbImage of(int width, int height, byte[] rgb) {
    return wrap(width, height, rgb.clone());
  }

  /** Takes ownership of {@code rgb}: the caller must not touch it again. */
  static RgbImage wrap(int width, int height, byte[] rgb) {
    if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
      throw new ImageException(
          "An image of %d x %d pixels needs %d bytes of red, green and blue, but %d were given."
              .formatted(width, height, 3L * width * height, rgb.length));
    }
    return new RgbImage(width, height, rgb);
  }

  /**
   * A copy of an image of Java's, as Pillow's {@code convert('RGB')} takes its stored samples:
   * alpha is dropped, 16-bit gray keeps its high byte, and no colour is managed ({@code
   * BufferedImage.getRGB} would brighten gray).
   *
   * @throws ImageException if it has samples that no range of values is known of, such as floats
   */
  public static RgbImage of(BufferedImage image) {
    return Images.of(image);
  }

  /** A copy as an image of Java's, {@link BufferedImage#TYPE_INT_RGB}. */
  public BufferedImage toBufferedImage() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        row[x] = sample(x, y, 0) << 16 | sample(x, y, 1) << 8 | sample(x, y, 2);
      }
      image.setRGB(0, y, width, 1, row, 0, width);
    }
    return image;
  }

  /** The number of columns. */
  public int width() {
    return width;
  }

  /** The number of rows. */
  public int height() {
    return height;
  }

  /** One channel (0 red, 1 green, 2 blue) of one pixel, 0 to 255. */
  public int sample(int x, int y, int channel) {
    return rgb[(y * width + x) * 3 + channel] & 0xff;
  }

  /** A copy of all samples, {@code [height][width][3]} flattened. */
  public byte[] toBytes() {
    return rgb.clone();
  }

  /** The samples themselves, for this package's loops; never written to. */
  byte[] samples() {
    return rgb;
  }

  /**
   * The rectangle from ({@code left}, {@code top}), which must lie inside the image.
   *
   * @throws ImageException if it does not
   */
  public RgbImage crop(int left, int top, int cropWidth, int cropHeight) {
    if (left < 0 || top < 0 || left + cropWidth > width || top + cropHeight > height) {
      throw new ImageException(
          "The crop %d,%d %d x %d does not lie inside the image of %d x %d pixels."
              .formatted(left, top, cropWidth, cropHeight, width, height));
    }
    byte[] out = new byte[cropWidth * cropHeight * 3];
    for (int y = 0; y < cropHeight; y++) {
      System.arraycopy(rgb, ((top + y) * width + left) * 3, out, y * cropWidth * 3, cropWidth * 3);
    }
    return wrap(cropWidth, cropHeight, out);
  }

  /**
   * The same image in gray, as Pillow's {@code convert('L')}: {@code (19595 R + 38470 G + 7471 B +
   * 32768) >> 16} in all three channels.
   */
  public RgbImage gray() {
    byte[] out = new byte[rgb.length];
    for (int i = 0; i < rgb.length; i += 3) {
      int red = rgb[i] & 0xff;
      int green = rgb[i + 1] & 0xff;
      int blue = rgb[i + 2] & 0xff;
      byte luma = (byte) ((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16);
      out[i] = luma;
      out[i + 1] = luma;
      out[i + 2] = luma;
    }
    return wrap(width, height, out);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RgbImage that
        && width == that.width
        && height == that.height
        && Arrays.equals(rgb, that.rgb);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * width + height) + Arrays.hashCode(rgb);
  }

  @Override
  public String toString() {
    return "RgbImage[" + width + " x " + height + "]";
  }
}
