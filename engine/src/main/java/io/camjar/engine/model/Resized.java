package io.camjar.engine.model;

import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A network for images of another size than it was trained on or read for, where some of its
 * parameters belong to a size.
 *
 * @param architecture the network for the other size
 * @param parameters the full names of those parameters; each with a function from what the
 *     parameter holds to what it is to hold, both row by row, as C orders them. A parameter that
 *     only the other network has holds nothing before.
 * @param note what is done, a clause
 */
public record Resized(
    Architecture architecture, Map<String, UnaryOperator<float[]>> parameters, String note) {
  public Resized {
    parameters = Map.copyOf(parameters);
  }
}
