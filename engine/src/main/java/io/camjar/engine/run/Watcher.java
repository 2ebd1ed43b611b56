package io.camjar.engine.run;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Is shown what a pass computes, in the order in which it is computed, on the thread of the pass.
 * What it throws ends the pass.
 */
public interface Watcher {
  /** Watches nothing. */
  Watcher NONE =
      new Watcher() {
        @Override
        public boolean asksParameter(String name) {
          return false;
        }
      };

  /** The value of a point. */
  default void activation(String path, Seen value) {}

  /** The gradient with respect to the value of a point, when all of it is there. */
  default void gradient(String path, Seen value) {}

  /**
   * The gradient that reaches the start of a residual block through a part of it.
   *
   * @param sum the path of the addition that ends the block
   * @param branch whether it came through the branch, not the shortcut
   */
  default void part(String sum, boolean branch, Seen value) {}

  /** Whether {@link #parameter} is to be called for a parameter of this full name. */
  default boolean asksParameter(String name) {
    return true;
  }

  /**
   * The gradient with respect to a parameter.
   *
   * @param name its full name
   * @param gradient of the parameter's shape; the pass's own, whose values may be changed
   */
  default void parameter(String name, INDArray gradient) {}
}
