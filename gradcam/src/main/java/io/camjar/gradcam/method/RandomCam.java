package io.camjar.gradcam.method;

import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Activations under random weights, uniform in -1 to 1: a baseline that every method must beat. Not
 * class-discriminative.
 *
 * <p>As pytorch-grad-cam's {@code random_cam.py}, but from a seed: the same image, layer and seed
 * give the same map, another image or layer another.
 */
final class RandomCam implements WeightedCam, ClassBlindCam {
  private final long seed;

  RandomCam(long seed) {
    this.seed = seed;
  }

  @Override
  public String name() {
    return "randomcam";
  }

  @Override
  public double[] weights(LayerSample sample, Subject subject) {
    int picture = Objects.hash(sample.layer(), Arrays.hashCode(sample.activations()));
    SplittableRandom random = new SplittableRandom(seed ^ picture);
    return random.doubles(sample.channels(), -1, 1).toArray();
  }
}
