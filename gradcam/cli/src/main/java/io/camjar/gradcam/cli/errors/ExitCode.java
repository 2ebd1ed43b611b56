package io.camjar.gradcam.cli.errors;

/** What the program ends with. */
public final class ExitCode {
  /** The work is done. */
  public static final int DONE = 0;

  /** Something went wrong that is neither the user's arguments nor a file. */
  public static final int FAILED = 1;

  /** The arguments make no sense: nothing was read or written. */
  public static final int USAGE = 2;

  /** A file, or what was asked of it, could not be used. */
  public static final int UNUSABLE = 3;

  private ExitCode() {}
}
