package io.camjar.benchmarks.compare;

import java.time.Duration;

/**
 * How long engines are warmed up and timed.
 *
 * @param warmOurs before camjar counts: the JIT compilers have to see the code run
 * @param warmPeer before a peer counts
 * @param rounds turns that each engine gets
 * @param most after which no round begins, except the first three: what takes seconds a run varies
 *     less
 * @param turn how long a turn is at least, in whole runs
 * @param pause between two turns, until the last engine's spinning threads have gone to sleep
 * @param coldStarts process starts that each engine gets
 */
record MeasurementPlan(
    Duration warmOurs,
    Duration warmPeer,
    int rounds,
    Duration most,
    Duration turn,
    Duration pause,
    int coldStarts) {
  /** Rounds below which there is no telling how much the figures vary. */
  private static final int FEWEST_ROUNDS = 3;

  /** For a look. */
  static final MeasurementPlan QUICK =
      new MeasurementPlan(
          Duration.ofSeconds(5),
          Duration.ofMillis(1500),
          5,
          Duration.ofMinutes(1),
          Duration.ofMillis(400),
          Duration.ofMillis(200),
          3);

  /** For the record: half a minute compiles what a pass runs only a few times, too. */
  static final MeasurementPlan FULL =
      new MeasurementPlan(
          Duration.ofSeconds(30),
          Duration.ofSeconds(3),
          11,
          Duration.ofSeconds(30),
          Duration.ofSeconds(1),
          Duration.ofMillis(300),
          9);

  /** Whether another round is to be played after so many in so much time. */
  boolean goesOn(int played, Duration taken) {
    return played < rounds && (played < FEWEST_ROUNDS || taken.compareTo(most) < 0);
  }
}
