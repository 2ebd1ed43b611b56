package io.camjar.engine.model.resnet;

import io.camjar.engine.CamjarException;

/**
 * The head of torchvision and timm: global average pool and one fully connected layer {@code fc}.
 *
 * @param classes how many classes it scores
 * @param bias whether the fully connected layer adds one
 */
public record LinearHead(int classes, boolean bias) implements HeadSpec {

  /**
   * A head.
   *
   * @throws CamjarException if it has no class
   */
  public LinearHead {
    if (classes < 1) {
      throw new CamjarException("a head needs at least one class, found " + classes);
    }
  }

  /** The usual head, with a bias. */
  public LinearHead(int classes) {
    this(classes, true);
  }

  @Override
  public String label() {
    return "torchvision";
  }
}
