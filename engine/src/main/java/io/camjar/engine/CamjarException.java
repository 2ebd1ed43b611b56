package io.camjar.engine;

import java.util.Optional;

/**
 * The one family of unchecked exceptions that camjar throws for things its caller can mend.
 *
 * <p>A message names the file, tensor or layer, what was expected, what was found, and what to do.
 */
public class CamjarException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception whose message is one clear sentence. */
  public CamjarException(String message) {
    super(message);
  }

  /** Creates an exception with a cause; the message must stand on its own. */
  public CamjarException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Refuses what there is a reason against.
   *
   * @param why the reason, in one sentence; empty where there is none
   * @throws CamjarException with that sentence, if there is one
   */
  public static void throwIf(Optional<String> why) {
    if (why.isPresent()) {
      throw new CamjarException(why.get());
    }
  }
}
