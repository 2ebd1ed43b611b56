package io.camjar.engine.run;

/**
 * The feature maps of a point, or their gradient, in whatever layout the pass left them; valid as
 * long as the trace or the gradients they come from are open.
 *
 * <p>What maps need most, means and weighted sums, is computed where the values lie, without a copy
 * to {@code [N, C, H, W]}.
 */
public interface FeatureMaps {
  /** Images, N. */
  int batch();

  /** Feature maps of an image, C. */
  int channels();

  /** Rows of a feature map, H; 1 where there are features only. */
  int height();

  /** Columns of a feature map, W; 1 where there are features only. */
  int width();

  /** The values of one image, {@code [C, H, W]} flattened; a new array. */
  float[] values(int image);

  /** The mean over space of each channel of one image, summed in double precision row by row. */
  double[] means(int image);

  /**
   * {@code sum_c w_c A_c} of one image, {@code [H, W]} flattened, summed in double precision in the
   * order of the channels.
   *
   * @param weights one a channel
   */
  double[] weightedSum(int image, double[] weights);
}
