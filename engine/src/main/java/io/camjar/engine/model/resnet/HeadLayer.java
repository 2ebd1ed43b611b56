package io.camjar.engine.model.resnet;

import java.util.List;

/** One layer of a head that is a list of layers. */
public sealed interface HeadLayer {

  /** Global max-pool and average-pool, concatenated, maximum first: C channels in, 2C out. */
  record ConcatPool() implements HeadLayer {}

  /** Global average pool. */
  record AvgPool() implements HeadLayer {}

  /** [N, C, 1, 1] to [N, C]. */
  record Flatten() implements HeadLayer {}

  /** Batch norm over features. */
  record BatchNorm(int features) implements HeadLayer {}

  /** Dropout with probability {@code p}: the identity when not training. */
  record Dropout(double p) implements HeadLayer {}

  /** ReLU. */
  record Relu() implements HeadLayer {}

  /** Fully connected layer. */
  record Linear(int in, int out, boolean bias) implements HeadLayer {}

  /** How many classes the last linear layer scores; 0 if there is none. */
  static int classes(List<HeadLayer> layers) {
    int classes = 0;
    for (HeadLayer layer : layers) {
      if (layer instanceof Linear linear) {
        classes = linear.out();
      }
    }
    return classes;
  }
}
