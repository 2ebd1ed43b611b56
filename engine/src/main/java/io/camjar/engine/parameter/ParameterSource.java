package io.camjar.engine.parameter;

import io.camjar.engine.CamjarException;
import java.nio.FloatBuffer;

/** Where the numbers of a float32 parameter can be read any number of times, always the same. */
@FunctionalInterface
public interface ParameterSource {

  /**
   * Puts all numbers in c order into a buffer, from its position on.
   *
   * @throws CamjarException if they are no longer what they were, such as in a file that was
   *     changed
   */
  void read(FloatBuffer to);
}
