package io.camjar.gradcam.serve.limits;

import io.camjar.engine.CamjarException;

/** Why a request as a whole is refused, with the status that HTTP has for it. */
public final class Problem extends CamjarException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * A refusal.
   *
   * @param status of HTTP, from 400
   * @param message one sentence
   */
  public Problem(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The same with a cause. */
  public Problem(int status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  /** A request that makes no sense. */
  public static Problem bad(String message) {
    return new Problem(400, message);
  }

  /** More than can be taken on now. */
  public static Problem busy(String message) {
    return new Problem(429, message);
  }

  /** The status. */
  public int status() {
    return status;
  }
}
