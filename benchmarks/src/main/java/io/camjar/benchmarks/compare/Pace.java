package io.camjar.benchmarks.compare;

import java.time.Duration;

/**
 * How long a comparison takes its time.
 *
 * @param warmOurs before camjar counts: the JIT compilers have to see the code run
 * @param warmPeer before a peer counts
 * @param rounds turns that each engine gets
 * @param turn how long a turn is at least, in whole runs
 * @param pause between two turns, until the last engine's spinning threads have gone to sleep
 * @param coldStarts process starts that each engine gets
 */
record Pace(
    Duration warmOurs,
    Duration warmPeer,
    int rounds,
    Duration turn,
    Duration pause,
    int coldStarts) {
  /** For a look. */
  static final Pace QUICK =
      new Pace(
          Duration.ofSeconds(5),
          Duration.ofMillis(1500),
          5,
          Duration.ofMillis(400),
          Duration.ofMillis(200),
          3);

  /** For the record. */
  static final Pace FULL =
      new Pace(
          Duration.ofSeconds(10),
          Duration.ofSeconds(3),
          11,
          Duration.ofSeconds(1),
          Duration.ofMillis(300),
          9);
}
