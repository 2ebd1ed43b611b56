package io.camjar.gradcam.cli;

/** What the program ends with. */
final class ExitCode {
  /** The work is done. */
  static final int DONE = 0;

  /** Something went wrong that is neither the user's arguments nor a file. */
  static final int FAILED = 1;

  /** The arguments make no sense: nothing was read or written. */
  static final int USAGE = 2;

  /** A file, or what was asked of it, could not be used. */
  static final int UNUSABLE = 3;

  private ExitCode() {}
}
