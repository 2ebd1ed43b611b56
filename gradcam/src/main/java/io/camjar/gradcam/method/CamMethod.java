package io.camjar.gradcam.method;

/** Turns what a layer did into one map. Stateless: one object serves all threads. */
public interface CamMethod {
  /** The name on the command line and in records. */
  String name();

  /**
   * The signed map, before ReLU and scaling.
   *
   * @return {@code [height][width]} flattened
   */
  float[] map(LayerSample sample);
}
