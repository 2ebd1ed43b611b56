package io.camjar.engine;

import java.util.List;

/** A name that nothing answers to. */
public final class UnknownNameException extends CamjarException {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final List<String> nearest;

  /**
   * An unknown name.
   *
   * @param name what was asked for
   * @param nearest the known names it was most likely meant to be, the nearest first; may be empty
   */
  public UnknownNameException(String message, String name, List<String> nearest) {
    super(message);
    this.name = name;
    this.nearest = List.copyOf(nearest);
  }

  /** What was asked for. */
  public String name() {
    return name;
  }

  /** The known names that are near, the nearest first. */
  public List<String> nearest() {
    return nearest;
  }
}
