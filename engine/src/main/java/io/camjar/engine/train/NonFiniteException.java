package io.camjar.engine.train;

import io.camjar.engine.CamjarException;

/** Training cannot go on: a loss or a gradient is not a finite number. */
public final class NonFiniteException extends CamjarException {
  private static final long serialVersionUID = 1;

  /** Where it began, transient since messages are all that travels. */
  private final transient NonFinite origin;

  NonFiniteException(String what, double value, NonFinite origin) {
    super(
        "%s is %s: %s"
            .formatted(what, Double.isNaN(value) ? "NaN" : "infinite", origin.sentence()));
    this.origin = origin;
  }

  /** Where the first value that is not finite comes from. */
  public NonFinite origin() {
    return origin;
  }
}
