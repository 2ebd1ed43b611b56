package io.camjar.gradcam.scaling;

import io.camjar.engine.CamjarException;
import java.util.Arrays;

/**
 * How a raw map becomes values between 0 and 1.
 *
 * @param sign which evidence is kept
 * @param threshold in place of ReLU's 0: values become at least this share of the largest, so that
 *     only what exceeds it shows; below 1, and 0 is ReLU itself
 * @param scaling how what is left is brought to 0..1
 */
public record MapStyle(Sign sign, double threshold, Scaling scaling) {
  private static final float NO_EVIDENCE = 0.5f;

  /** ReLU and min-max, as pytorch-grad-cam. */
  public static final MapStyle STANDARD = new MapStyle(Sign.RECTIFIED, 0, Scaling.pytorchGradCam());

  /** For values that lie in 0..1 already. */
  public static final MapStyle AS_IS = new MapStyle(Sign.RECTIFIED, 0, Scaling.none());

  /**
   * A style.
   *
   * @throws CamjarException if the threshold is not above -1 and below 1
   */
  public MapStyle {
    if (!(threshold < 1 && threshold > -1)) {
      throw new CamjarException(
          "the threshold is a share of the largest value and must be above -1 and below 1, but is "
              + threshold);
    }
  }

  /** The same with this sign. */
  public MapStyle withSign(Sign kept) {
    return new MapStyle(kept, threshold, scaling);
  }

  /** The same with this threshold. */
  public MapStyle withThreshold(double share) {
    return new MapStyle(sign, share, scaling);
  }

  /** The same with this scaling. */
  public MapStyle withScaling(Scaling way) {
    return new MapStyle(sign, threshold, way);
  }

  /**
   * The values between 0 and 1.
   *
   * @param raw finite
   */
  public float[] apply(float[] raw) {
    return switch (sign) {
      case RECTIFIED -> largest(raw) > 0 ? positive(raw) : new float[raw.length];
      case ABSOLUTE -> positive(sizes(raw));
      case SIGNED -> aroundTheMiddle(raw);
    };
  }

  /** What every place of a map shows that has nothing to show. */
  public float[] blank(int length) {
    float[] blank = new float[length];
    if (sign == Sign.SIGNED) {
      Arrays.fill(blank, NO_EVIDENCE);
    }
    return blank;
  }

  private float[] positive(float[] values) {
    return scaling.apply(MinMax.floor(values, (float) threshold * largest(values)));
  }

  private float[] aroundTheMiddle(float[] raw) {
    float[] sizes = sizes(raw);
    // A 0 among them makes the scale start there, so that no evidence is the middle.
    float[] withZero = Arrays.copyOf(sizes, sizes.length + 1);
    float[] scaled = positive(withZero);
    float[] shown = new float[raw.length];
    for (int i = 0; i < shown.length; i++) {
      shown[i] = NO_EVIDENCE + NO_EVIDENCE * Math.signum(raw[i]) * scaled[i];
    }
    return shown;
  }

  private static float[] sizes(float[] values) {
    float[] sizes = new float[values.length];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.abs(values[i]);
    }
    return sizes;
  }

  private static float largest(float[] values) {
    float largest = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      largest = Math.max(largest, value);
    }
    return largest;
  }
}
