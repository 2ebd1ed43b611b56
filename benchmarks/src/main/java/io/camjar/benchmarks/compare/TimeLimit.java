package io.camjar.benchmarks.compare;

import java.time.Duration;

/**
 * When to stop.
 *
 * @param nanoTime on the clock of {@link System#nanoTime}
 */
record TimeLimit(long nanoTime) {

  /** That far from now. */
  static TimeLimit in(Duration duration) {
    return new TimeLimit(System.nanoTime() + duration.toNanos());
  }

  /** Whether it is too late. */
  boolean passed() {
    return System.nanoTime() - nanoTime > 0;
  }

  /** Whether something that takes this long would end too late. */
  boolean tooCloseFor(Duration duration) {
    return System.nanoTime() + duration.toNanos() - nanoTime > 0;
  }
}
