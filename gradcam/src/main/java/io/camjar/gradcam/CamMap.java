package io.camjar.gradcam;

import io.camjar.gradcam.render.ScaledMap;

/**
 * The class activation map of one layer for one class, at the layer's own resolution. Immutable.
 */
public final class CamMap {
  /** Keeps the division of a constant map finite; pytorch-grad-cam's {@code scale_cam_image}. */
  private static final double SCALE_EPSILON = 1e-7;

  private final String layer;
  private final ClassLabel target;
  private final int height;
  private final int width;
  private final float[] raw;
  private final MapStatus status;
  private final float min;
  private final float max;

  /**
   * Takes over the values of a map.
   *
   * @param layer the layer's path
   * @param raw signed values, {@code [height][width]} flattened; not to be written to afterwards
   */
  CamMap(String layer, ClassLabel target, int height, int width, float[] raw) {
    this.layer = layer;
    this.target = target;
    this.height = height;
    this.width = width;
    this.raw = raw;
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

  /** The smallest raw value; NaN if there is one among them. */
  public float min() {
    return min;
  }

  /** The largest raw value; NaN if there is one among them. */
  public float max() {
    return max;
  }

  /**
   * Signed values before ReLU and scaling, {@code [height][width]} flattened; a copy. Those that
   * are not finite are 0, and the status is {@link MapStatus#NON_FINITE}.
   */
  public float[] raw() {
    return raw.clone();
  }

  /**
   * Values after ReLU, scaled to 0..1, {@code [height][width]} flattened.
   *
   * <p>Scaled as pytorch-grad-cam does ({@code scale_cam_image} in {@code utils/image.py}): {@code
   * x -= min(x); x /= 1e-7 + max(x)}. All zero where the status is not {@link MapStatus#OK}.
   */
  public float[] scaled() {
    float[] scaled = new float[raw.length];
    if (status != MapStatus.OK) {
      return scaled;
    }
    float low = Math.max(min, 0);
    float divisor = (float) (SCALE_EPSILON + (max - low));
    for (int i = 0; i < raw.length; i++) {
      scaled[i] = (Math.max(raw[i], 0) - low) / divisor;
    }
    return scaled;
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
