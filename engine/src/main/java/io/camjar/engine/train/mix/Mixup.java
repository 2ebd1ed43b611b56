package io.camjar.engine.train.mix;

import io.camjar.engine.train.loss.Targets;
import java.util.SplittableRandom;

/**
 * Mixup (Zhang et al., arXiv 1710.09412): {@code x = l x + (1 - l) x'}, one {@code l} of {@code
 * Beta(alpha, alpha)} a batch.
 *
 * @param alpha positive; 0.2 is usual
 */
public record Mixup(double alpha) implements Mix {
  public Mixup {
    Beta.require(alpha);
  }

  @Override
  public Targets.Values mix(
      float[] images, long[] shape, int[] classes, int outputs, SplittableRandom random) {
    float kept = (float) Beta.draw(alpha, random);
    int image = images.length / classes.length;
    float[] first = new float[image];
    System.arraycopy(images, 0, first, 0, image);
    for (int n = 0; n < classes.length; n++) {
      boolean last = n == classes.length - 1;
      float[] other = last ? first : images;
      int otherAt = last ? 0 : (n + 1) * image;
      for (int i = 0; i < image; i++) {
        images[n * image + i] = kept * images[n * image + i] + (1 - kept) * other[otherAt + i];
      }
    }
    return Mix.targets(classes, outputs, kept);
  }
}
