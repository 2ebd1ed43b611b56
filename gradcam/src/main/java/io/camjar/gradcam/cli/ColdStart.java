package io.camjar.gradcam.cli;

import java.io.File;
import java.util.List;

/**
 * Which kernels a fresh process should run on.
 *
 * <p>The vector kernels are several times faster once they are compiled, but compiling them costs
 * about two seconds of processor time, which a few pictures never earn back.
 */
final class ColdStart {
  /** Fewer words than this on a command line name too few pictures. */
  private static final int MANY_WORDS = 16;

  /** Methods that run the network hundreds of times for one picture. */
  private static final List<String> REPEATING = List.of("scorecam", "ablationcam");

  /** Options that no value follows. */
  private static final List<String> ALONE =
      List.of("--resume", "--summary", "--no-summary", "--debug", "--");

  private ColdStart() {}

  /** Whether a process with these arguments ends before the vector kernels would pay. */
  static boolean endsSoon(String... args) {
    return args.length > 0
        && args[0].equals("explain")
        && args.length < MANY_WORDS
        && !namesMany(args)
        && List.of(args).stream().noneMatch(REPEATING::contains);
  }

  /** Folders and patterns stand for many pictures, unless they are the value of an option. */
  private static boolean namesMany(String... args) {
    for (int i = 1; i < args.length; i++) {
      boolean value = args[i - 1].startsWith("--") && !ALONE.contains(args[i - 1]);
      if (!value && (PathPattern.isOne(args[i]) || new File(args[i]).isDirectory())) {
        return true;
      }
    }
    return false;
  }
}
