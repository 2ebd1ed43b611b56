package io.camjar.weights.bytes;

import io.camjar.engine.CamjarException;

/**
 * Bytes that are not what their format says.
 *
 * <p>Carries what is wrong and what to do about it; who knows the file's name adds that.
 */
public final class Malformed extends CamjarException {
  private static final long serialVersionUID = 1L;

  /** The remedy for bytes that were lost or changed on their way. */
  public static final String FETCH_AGAIN = "copy or download it again";

  private static final int MAX_SHOWN = 500;

  private final String remedy;

  /**
   * Says what is wrong, as the second half of a sentence that the file's name begins.
   *
   * @param cause for example {@code "is cut short: the archive's directory is missing"}
   * @param remedy what the reader can do, for example {@link #FETCH_AGAIN}
   */
  public Malformed(String cause, String remedy) {
    super(printable(cause));
    this.remedy = remedy;
  }

  /** As the other constructor, with the exception that told of it. */
  public Malformed(String cause, String remedy, Throwable origin) {
    super(printable(cause), origin);
    this.remedy = remedy;
  }

  /** A fault whose likely reason is a damaged copy. */
  public static Malformed damaged(String cause) {
    return new Malformed("is damaged: " + cause, FETCH_AGAIN);
  }

  /** A fault whose likely reason is a copy that stopped early. */
  public static Malformed truncated(String cause) {
    return new Malformed("is cut short: " + cause, FETCH_AGAIN);
  }

  /** The whole sentence: who, what is wrong, what to do. */
  public String sentence(String source) {
    return source + " " + getMessage() + "; " + remedy + ".";
  }

  /** What the reader can do. */
  public String remedy() {
    return remedy;
  }

  /** Names come from the file: they may be long, or steer a terminal. */
  private static String printable(String text) {
    String shown = text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "..." : text;
    return shown.replaceAll("\\p{Cntrl}", "?");
  }
}
