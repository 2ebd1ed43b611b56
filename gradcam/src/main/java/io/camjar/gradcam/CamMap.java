package io.camjar.gradcam;

import io.camjar.gradcam.method.PixelGradient;
import io.camjar.gradcam.method.RawMap;
import io.camjar.gradcam.render.ScaledMap;
import io.camjar.gradcam.scaling.MapStyle;
import io.camjar.gradcam.scaling.Scaling;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The class activation map of one layer for one class, at the layer's own resolution. Immutable.
 */
public final class CamMap {
  /** Ten times what is added: scaled, the largest value is 0.9 at most. */
  private static final float FAINT = 1e-6f;

  private final String layer;
  private final ClassLabel target;
  private final int height;
  private final int width;
  private final float[] raw;
  private final MapStyle style;
  private final @Nullable PixelGradient pixels;
  private final @Nullable Arrays arrays;
  private final MapStatus status;
  private final float min;
  private final float max;

  /**
   * Takes over the values of a map.
   *
   * @param layer the layer's path
   * @param map signed values; not to be written to afterwards
   * @param style how they are shown
   */
  CamMap(String layer, ClassLabel target, RawMap map, MapStyle style) {
    this(layer, target, map, style, null);
  }

  /**
   * The same, with what it was made of.
   *
   * @param arrays null where they were not asked for
   */
  CamMap(String layer, ClassLabel target, RawMap map, MapStyle style, @Nullable Arrays arrays) {
    this.arrays = arrays;
    this.layer = layer;
    this.target = target;
    this.height = map.height();
    this.width = map.width();
    this.raw = map.values();
    this.pixels = map.pixels();
    this.style = style;
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    boolean finite = true;
    for (int i = 0; i < raw.length; i++) {
      low = Math.min(low, raw[i]);
      high = Math.max(high, raw[i]);
      if (!Float.isFinite(raw[i])) {
        finite = false;
        raw[i] = 0;
      }
    }
    this.min = low;
    this.max = high;
    this.status = !finite ? MapStatus.NON_FINITE : statusOf(high);
  }

  private static MapStatus statusOf(float max) {
    return max > 0 ? MapStatus.OK : MapStatus.NO_POSITIVE_EVIDENCE;
  }

  /** The layer's path, {@code layer4.2} say. */
  public String layer() {
    return layer;
  }

  /** The class it explains. */
  public ClassLabel target() {
    return target;
  }

  /** Rows. */
  public int height() {
    return height;
  }

  /** Columns. */
  public int width() {
    return width;
  }

  /** Whether it shows anything. */
  public MapStatus status() {
    return status;
  }

  /** How it is shown. */
  public MapStyle style() {
    return style;
  }

  /** The smallest raw value; NaN if there is one among them. */
  public float min() {
    return min;
  }

  /** The largest raw value; NaN if there is one among them. */
  public float max() {
    return max;
  }

  /**
   * Whether every value is the same, as in a map of a single cell: no place stands out then, and
   * scaled from the smallest value to the largest, as pytorch-grad-cam does, it is blank even where
   * its value speaks for the class.
   */
  public boolean isEven() {
    return min == max;
  }

  /**
   * Whether it would show something but for its scaling: pytorch-grad-cam's adds 1e-7 to the
   * largest value, which leaves a map of tiny values dark. The gradient of a probability is as
   * small where the network is certain.
   */
  public boolean isFaint() {
    boolean divided = style.scaling().kind() == Scaling.Kind.PYTORCH_GRAD_CAM;
    return status == MapStatus.OK && divided && !isEven() && max < FAINT;
  }

  /**
   * Signed values before ReLU and scaling, {@code [height][width]} flattened; a copy. Those that
   * are not finite are 0, and the status is {@link MapStatus#NON_FINITE}.
   */
  public float[] raw() {
    return raw.clone();
  }

  /**
   * Values between 0 and 1, {@code [height][width]} flattened; after ReLU and scaled as
   * pytorch-grad-cam does unless another style was asked for.
   *
   * <p>The standard style is all 0 where the status is not {@link MapStatus#OK}; every style shows
   * nothing where it is {@link MapStatus#NON_FINITE}.
   */
  public float[] scaled() {
    return status == MapStatus.NON_FINITE ? style.blank(raw.length) : style.apply(raw);
  }

  /** The gradient at the image's pixels, where the method works on them; else nothing. */
  public Optional<PixelGradient> pixels() {
    return status == MapStatus.NON_FINITE ? Optional.empty() : Optional.ofNullable(pixels);
  }

  /**
   * The layer's arrays, where {@link MapOptions#kept} asked for some; of fused maps there are none.
   */
  public Optional<Arrays> arrays() {
    return Optional.ofNullable(arrays);
  }

  /** The scaled map, ready to be shown. */
  public ScaledMap toScaledMap() {
    return new ScaledMap(height, width, scaled());
  }

  /**
   * Where the largest value lies, the first of equals in row order, in map cells from the top left.
   */
  public Peak peak() {
    int best = 0;
    for (int i = 1; i < raw.length; i++) {
      if (raw[i] > raw[best]) {
        best = i;
      }
    }
    return new Peak(best / width, best % width);
  }

  /**
   * A layer's output and the gradient there, {@code [channels][height][width]} flattened.
   *
   * @param channels feature maps of the layer
   * @param activation the layer's output, not to be written to; null where it was not kept
   * @param gradient the derivative of the explained score with respect to that output, the very
   *     numbers that gradient methods read, not to be written to; null where it was not kept
   */
  @SuppressWarnings("ArrayRecordComponent") // Too large to be copied; never compared.
  public record Arrays(
      int channels,
      int height,
      int width,
      float @Nullable [] activation,
      float @Nullable [] gradient) {}

  /**
   * A cell of a map.
   *
   * @param row from the top, 0 first
   * @param column from the left, 0 first
   */
  public record Peak(int row, int column) {}

  @Override
  public String toString() {
    return "CamMap[%s of %s, %d x %d, %s]"
        .formatted(target.display(), layer, height, width, status.text());
  }
}
