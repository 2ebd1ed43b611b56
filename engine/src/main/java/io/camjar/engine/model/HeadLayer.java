package io.camjar.engine.model;

/** One layer of a fastai head; its index in the list is its index in the file. */
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

  /** Rectifier. */
  record Relu() implements HeadLayer {}

  /** Fully connected layer. */
  record Linear(int in, int out, boolean bias) implements HeadLayer {}
}
