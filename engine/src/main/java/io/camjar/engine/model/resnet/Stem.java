package io.camjar.engine.model.resnet;

/** The convolutions before the first batch norm {@code bn1} and the max-pool. */
public sealed interface Stem {

  /** One 7x7 convolution of stride 2, key {@code conv1}. */
  record Conv7() implements Stem {}

  /**
   * Three 3x3 convolutions, the first of stride 2: timm's deep stem, keys {@code conv1.0, .1, .3,
   * .4, .6}.
   *
   * @param first output channels of the first convolution
   * @param second output channels of the second; the third yields the network's base width
   */
  record Deep(int first, int second) implements Stem {}
}
