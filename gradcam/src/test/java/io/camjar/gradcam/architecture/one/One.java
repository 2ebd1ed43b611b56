package io.camjar.gradcam.architecture.one;

import io.camjar.gradcam.architecture.two.Two;

/** Depends on a package that depends on this one: the cycle that a rule must find. */
public final class One {
  /** The other half of the cycle. */
  public Two two() {
    return new Two();
  }
}
