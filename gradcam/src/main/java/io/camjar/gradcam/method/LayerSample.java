package io.camjar.gradcam.method;

import io.camjar.engine.run.ArrayFeatureMaps;
import io.camjar.engine.run.FeatureMaps;
import org.jspecify.annotations.Nullable;

/**
 * What one layer did for one image and one score; valid as long as the feature maps are.
 *
 * <p>A method that needs only means and weighted sums has them computed where the values lie; one
 * that looks at single values gets a copy. For one thread.
 */
public final class LayerSample {
  private final String layer;
  private final FeatureMaps activationMaps;
  private final @Nullable FeatureMaps gradientMaps;
  private final int picture;
  private float @Nullable [] activations;
  private float @Nullable [] gradients;

  private LayerSample(
      String layer, FeatureMaps activationMaps, @Nullable FeatureMaps gradientMaps, int picture) {
    this.layer = layer;
    this.activationMaps = activationMaps;
    this.gradientMaps = gradientMaps;
    this.picture = picture;
  }

  /**
   * One image of a pass.
   *
   * @param layer the layer's path
   * @param activations the layer's output
   * @param gradients the derivative of the score with respect to it; null where the method uses
   *     none
   * @param picture which of the batch, from 0
   */
  public static LayerSample of(
      String layer, FeatureMaps activations, @Nullable FeatureMaps gradients, int picture) {
    return new LayerSample(layer, activations, gradients, picture);
  }

  /**
   * One image whose values are at hand, {@code [channels][height][width]} flattened.
   *
   * @throws IllegalArgumentException if there are more or fewer values than the shape has
   */
  public static LayerSample of(
      String layer, int channels, int height, int width, float[] activations, float[] gradients) {
    LayerSample sample =
        new LayerSample(
            layer,
            ArrayFeatureMaps.of(channels, height, width, activations),
            ArrayFeatureMaps.of(channels, height, width, gradients),
            0);
    sample.activations = activations;
    sample.gradients = gradients;
    return sample;
  }

  /** The layer's path. */
  public String layer() {
    return layer;
  }

  /** Feature maps of the layer. */
  public int channels() {
    return activationMaps.channels();
  }

  /** Rows of each. */
  public int height() {
    return activationMaps.height();
  }

  /** Columns of each. */
  public int width() {
    return activationMaps.width();
  }

  /** Cells of one feature map. */
  public int cells() {
    return height() * width();
  }

  /** The layer's output, {@code [channels][height][width]} flattened; not to be changed. */
  public float[] activations() {
    if (activations == null) {
      activations = activationMaps.values(picture);
    }
    return activations;
  }

  /**
   * The derivative of the score with respect to the output, of the same layout; not to be changed.
   *
   * @throws IllegalStateException if the method has said that it uses none
   */
  public float[] gradients() {
    if (gradients == null) {
      gradients = gradientMaps().values(picture);
    }
    return gradients;
  }

  /** The mean over space of each channel's gradient. */
  public double[] gradientMeans() {
    return gradientMaps().means(picture);
  }

  /**
   * {@code sum_c w_c A_c} at each place, {@code [height][width]} flattened.
   *
   * @param weights one a channel
   */
  public double[] weightedSum(double[] weights) {
    return activationMaps.weightedSum(picture, weights);
  }

  private FeatureMaps gradientMaps() {
    if (gradientMaps == null) {
      throw new IllegalStateException("no gradients were computed for " + layer);
    }
    return gradientMaps;
  }
}
