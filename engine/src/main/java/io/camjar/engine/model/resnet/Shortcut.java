package io.camjar.engine.model.resnet;

/** How a block's shortcut is brought to the block's output shape. */
public enum Shortcut {
  /** A strided 1x1 convolution and a batch norm: torchvision, keys {@code downsample.0, .1}. */
  CONV,
  /**
   * A 2x2 average pool (where the block is strided), then a 1x1 convolution and a batch norm: the d
   * variants of timm, keys {@code downsample.1, .2}.
   */
  AVG_POOL_CONV
}
