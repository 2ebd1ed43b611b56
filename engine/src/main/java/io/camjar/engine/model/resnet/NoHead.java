package io.camjar.engine.model.resnet;

/**
 * No classifier: the network ends with the global average pool, and its outputs are features {@code
 * [N, C]} that belong to no class.
 */
public record NoHead() implements HeadSpec {

  /** Always 0. */
  @Override
  public int classes() {
    return 0;
  }

  @Override
  public String label() {
    return "none";
  }
}
