package io.camjar.gradcam;

import io.camjar.gradcam.image.TestTimeAugmentation;
import org.jspecify.annotations.Nullable;

/** The mean of one map over several passes, at the resolution of the network's input. */
final class MapMean {
  private final CamMap like;
  private final OnInput onInput;
  private final double[] sum;
  private int count;
  private boolean finite = true;

  /** What the layer gave for the input as it is. */
  private CamMap.@Nullable Arrays arrays;

  /**
   * Nothing yet.
   *
   * @param like has the mean's layer and class
   */
  MapMean(CamMap like, OnInput onInput) {
    this.like = like;
    this.onInput = onInput;
    this.sum = new double[onInput.height() * onInput.width()];
  }

  /** Adds the map of an augmented input. */
  void add(CamMap map, TestTimeAugmentation augmentation) {
    float[] values = augmentation.onTheInput(onInput.shown(map), onInput.width());
    for (int i = 0; i < sum.length; i++) {
      sum[i] += values[i];
    }
    count++;
    if (augmentation.isIdentity()) {
      arrays = map.arrays().orElse(null);
    }
    finite &= map.status() != MapStatus.NON_FINITE;
  }

  /** The mean; not finite if one of the maps is not. */
  CamMap map() {
    float[] mean = new float[sum.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sum[i] / count);
    }
    return onInput.map(like.layer(), like.target(), mean, finite, arrays);
  }
}
