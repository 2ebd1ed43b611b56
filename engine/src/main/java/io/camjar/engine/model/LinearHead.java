package io.camjar.engine.model;

import io.camjar.engine.CamjarException;

/**
 * The head of torchvision and timm: global average pool and one fully connected layer {@code fc}.
 */
public record LinearHead(int classes) implements HeadSpec {

  public LinearHead {
    if (classes < 1) {
      throw new CamjarException("a head needs at least one class, found " + classes);
    }
  }

  @Override
  public String label() {
    return "torchvision";
  }
}
