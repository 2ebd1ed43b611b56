package io.camjar.gradcam.render;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.image.Box;
import io.camjar.gradcam.image.RgbImage;
import java.util.Arrays;

/**
 * A map on the image it explains, at the image's own size. Immutable.
 *
 * <p>What the network did not see is faded and hatched in {@link #overlay} and in {@link #heatMap},
 * the same in both; see {@link Unseen}.
 */
public final class MapView {
  private final RgbImage picture;
  private final float[] heat;

  private MapView(RgbImage picture, float[] heat) {
    this.picture = picture;
    this.heat = heat;
  }

  /**
   * Lays a map over an image.
   *
   * @param region the rectangle of the image that the network saw, in the image's pixels
   */
  public static MapView of(RgbImage picture, Box region, ScaledMap map) {
    return new MapView(picture, MapResize.onto(map, region, picture.height(), picture.width()));
  }

  /**
   * Heat blended over the image, brightened until its largest sample is full.
   *
   * <p>pytorch-grad-cam's {@code show_cam_on_image} ({@code utils/image.py}) with {@code
   * image_weight = 1 - alpha}, in its float32 arithmetic, inside the region.
   *
   * @param alpha the heat's share, 0 to 1
   * @throws CamjarException if alpha lies outside 0 to 1
   */
  public RgbImage overlay(ColorMap colors, double alpha) {
    if (!(alpha >= 0 && alpha <= 1)) {
      throw new CamjarException("Alpha must lie in 0 to 1, but it is " + alpha + ".");
    }
    float[] hot = colorShares((float) alpha, colors);
    float[] under = pictureShares((float) (1 - alpha));
    byte[] out = picture.toBytes();
    float[] blend = new float[out.length];
    float max = 0;
    for (int pixel = 0; pixel < heat.length; pixel++) {
      if (!Float.isNaN(heat[pixel])) {
        int entry = 3 * ColorMap.index(heat[pixel]);
        for (int i = 3 * pixel; i < 3 * pixel + 3; i++) {
          blend[i] = hot[entry++] + under[out[i] & 0xff];
          max = Math.max(max, blend[i]);
        }
      }
    }
    for (int pixel = 0; pixel < heat.length; pixel++) {
      boolean seen = !Float.isNaN(heat[pixel]);
      for (int i = 3 * pixel; i < 3 * pixel + 3; i++) {
        if (!seen) {
          out[i] = unseen(i);
        } else {
          out[i] = max > 0 ? (byte) (int) (255 * (blend[i] / max)) : 0;
        }
      }
    }
    return RgbImage.of(picture.width(), picture.height(), out);
  }

  /** What each sample of each colour adds to a blend. */
  private static float[] colorShares(float share, ColorMap colors) {
    float[] out = new float[3 * 256];
    for (int i = 0; i < out.length; i++) {
      out[i] = share * (colors.sample(i / 3, i % 3) / 255f);
    }
    return out;
  }

  /** What each sample of the image adds to a blend. */
  private static float[] pictureShares(float share) {
    float[] out = new float[256];
    for (int i = 0; i < out.length; i++) {
      out[i] = share * (i / 255f);
    }
    return out;
  }

  /** The image alone, what the network did not see shown as in the others. */
  public RgbImage picture() {
    byte[] out = picture.toBytes();
    for (int i = 0; i < out.length; i++) {
      if (Float.isNaN(heat[i / 3])) {
        out[i] = unseen(i);
      }
    }
    return RgbImage.of(picture.width(), picture.height(), out);
  }

  /** The heat alone, in colour. */
  public RgbImage heatMap(ColorMap colors) {
    byte[] out = new byte[heat.length * 3];
    for (int pixel = 0; pixel < heat.length; pixel++) {
      float value = heat[pixel];
      boolean seen = !Float.isNaN(value);
      int entry = ColorMap.index(value);
      for (int c = 0; c < 3; c++) {
        out[3 * pixel + c] = seen ? (byte) colors.sample(entry, c) : unseen(3 * pixel + c);
      }
    }
    return RgbImage.of(picture.width(), picture.height(), out);
  }

  private byte unseen(int i) {
    int pixel = i / 3;
    return Unseen.sample(picture, pixel % picture.width(), pixel / picture.width(), i % 3);
  }

  /** The heat alone in gray, {@code uint8(255 * value)}; black where the network did not look. */
  public RgbImage gray() {
    byte[] out = new byte[heat.length * 3];
    for (int i = 0; i < heat.length; i++) {
      Arrays.fill(out, 3 * i, 3 * i + 3, (byte) ColorMap.index(heat[i]));
    }
    return RgbImage.of(picture.width(), picture.height(), out);
  }
}
