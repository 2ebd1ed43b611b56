package io.camjar.engine.model.resnet;

/** The residual block that a ResNet is built from. */
public enum BlockKind {
  /** Two 3x3 convolutions: ResNet-18 and ResNet-34. */
  BASIC(1),
  /** 1x1, 3x3, 1x1 with the stride on the 3x3: ResNet-50, ResNet-101 and ResNet-152. */
  BOTTLENECK(4);

  private final int expansion;

  BlockKind(int expansion) {
    this.expansion = expansion;
  }

  /** Output channels of a block as a multiple of its planes. */
  public int expansion() {
    return expansion;
  }
}
