package io.camjar.gradcam.architecture.two;

import io.camjar.gradcam.architecture.one.One;

/** Depends on a package that depends on this one: the cycle that a rule must find. */
public final class Two {
  /** The other half of the cycle. */
  public One one() {
    return new One();
  }
}
