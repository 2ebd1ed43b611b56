package io.camjar.gradcam.cli;

import io.camjar.engine.CamjarException;

/** Something well-formed that this build cannot do; no file is at fault. */
final class UnsupportedRequest extends CamjarException {
  private static final long serialVersionUID = 1L;

  UnsupportedRequest(String message) {
    super(message);
  }
}
