package io.camjar.gradcam.cli;

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

  private ColdStart() {}

  /** Whether a process with these arguments ends before the vector kernels would pay. */
  static boolean endsSoon(String... args) {
    return args.length > 0
        && args[0].equals("explain")
        && args.length < MANY_WORDS
        && List.of(args).stream().noneMatch(REPEATING::contains);
  }
}
