package io.camjar.gradcam.cli.errors;

import io.camjar.engine.CamjarException;

/** Something well-formed that this build cannot do; no file is at fault. */
public final class UnsupportedRequest extends CamjarException {
  private static final long serialVersionUID = 1L;

  public UnsupportedRequest(String message) {
    super(message);
  }
}
