package io.camjar.engine.train.mix;

import io.camjar.engine.train.loss.Targets;
import java.util.SplittableRandom;

/**
 * Mixes each image of a batch with another of it, and their targets by the shares that remain.
 *
 * <p>The other image is the next one in the batch, the first after the last: batches are shuffled.
 */
public sealed interface Mix permits Mixup, CutMix {

  /**
   * Mixes.
   *
   * @param images {@code [N, C, H, W]}, changed in place
   * @param shape of the images
   * @param classes of the N images
   * @param outputs how many classes there are
   * @return probabilities of the classes of each image
   */
  Targets.Values mix(
      float[] images, long[] shape, int[] classes, int outputs, SplittableRandom random);

  /** Targets of images that keep a share, the rest being of the next image. */
  static Targets.Values targets(int[] classes, int outputs, double kept) {
    float[] values = new float[classes.length * outputs];
    for (int n = 0; n < classes.length; n++) {
      values[n * outputs + Targets.requireClass(classes[n], outputs)] += (float) kept;
      values[n * outputs + classes[(n + 1) % classes.length]] += (float) (1 - kept);
    }
    return new Targets.Values(values, outputs);
  }
}
