package io.camjar.engine.run;

import io.camjar.engine.kernel.HostCopy;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Feature maps in Java's memory, {@code [N, C, H, W]}. */
public final class ArrayFeatureMaps implements FeatureMaps {
  private final int batch;
  private final int channels;
  private final int height;
  private final int width;
  private final float[] values;

  private ArrayFeatureMaps(int batch, int channels, int height, int width, float[] values) {
    this.batch = batch;
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.values = values;
  }

  /**
   * The feature maps of one image.
   *
   * @param values {@code [channels][height][width]} flattened; not copied
   * @throws IllegalArgumentException if there are more or fewer values than the shape has
   */
  public static ArrayFeatureMaps of(int channels, int height, int width, float[] values) {
    if (values.length != channels * height * width) {
      throw new IllegalArgumentException(
          "feature maps [%d, %d, %d] have %d values"
              .formatted(channels, height, width, values.length));
    }
    return new ArrayFeatureMaps(1, channels, height, width, values);
  }

  /** A copy of {@code [N, C, H, W]} or {@code [N, F]}. */
  static ArrayFeatureMaps of(INDArray array) {
    boolean spatial = array.rank() > 2;
    return new ArrayFeatureMaps(
        (int) array.size(0),
        (int) array.size(1),
        spatial ? (int) array.size(2) : 1,
        spatial ? (int) array.size(3) : 1,
        HostCopy.floats(array));
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public int channels() {
    return channels;
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public float[] values(int image) {
    int length = channels * height * width;
    return Arrays.copyOfRange(values, image * length, (image + 1) * length);
  }

  @Override
  public double[] means(int image) {
    int cells = height * width;
    double[] means = new double[channels];
    for (int c = 0; c < channels; c++) {
      int from = (image * channels + c) * cells;
      for (int i = from; i < from + cells; i++) {
        means[c] += values[i];
      }
      means[c] /= cells;
    }
    return means;
  }

  @Override
  public double[] weightedSum(int image, double[] weights) {
    double[] sums = new double[height * width];
    for (int c = 0; c < channels; c++) {
      int from = (image * channels + c) * sums.length;
      for (int i = 0; i < sums.length; i++) {
        sums[i] += weights[c] * values[from + i];
      }
    }
    return sums;
  }
}
