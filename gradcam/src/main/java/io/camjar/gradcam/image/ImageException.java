package io.camjar.gradcam.image;

import io.camjar.engine.CamjarException;

/** An image that could not be used; the message names the file, the cause and the remedy. */
public final class ImageException extends CamjarException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception whose message is one clear sentence. */
  public ImageException(String message) {
    super(message);
  }

  /** Creates an exception with a cause; the message must stand on its own. */
  public ImageException(String message, Throwable cause) {
    super(message, cause);
  }
}
