package io.camjar.gradcam.method;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What methods found out about one image that holds for whatever score of it is explained:
 * Score-CAM's forwards, say, are run once for all classes. For one thread.
 */
public final class Recall {
  private final Map<String, float[]> found = new HashMap<>();

  /**
   * What was found under this name, or else is found now.
   *
   * @return the array that is kept; not to be written to
   */
  float[] of(String name, Supplier<float[]> find) {
    return found.computeIfAbsent(name, absent -> find.get());
  }
}
