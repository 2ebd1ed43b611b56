package io.camjar.benchmarks.gpu;

import java.util.Arrays;

/** Times what is queued on a device. */
final class Stopwatch {
  private static final int TURNS = 7;
  private static final double LEAST_MILLISECONDS = 5;
  private static final int MOST = 200;
  private static final double SLOW = 1000;

  private Stopwatch() {}

  /**
   * The median time of a run in milliseconds, of turns of so many runs that a turn can be timed;
   * that of the first run where it takes over a second.
   */
  static double milliseconds(Runnable queued, Runnable finish) {
    double one = turn(1, queued, finish);
    if (one > SLOW) {
      return one;
    }
    one = Math.min(one, turn(1, queued, finish));
    int runs = (int) Math.max(1, Math.min(MOST, LEAST_MILLISECONDS / Math.max(one, 1e-3)));
    double[] all = new double[one > 200 ? 2 : TURNS];
    for (int i = 0; i < all.length; i++) {
      all[i] = turn(runs, queued, finish);
    }
    Arrays.sort(all);
    return all[all.length / 2];
  }

  private static double turn(int runs, Runnable queued, Runnable finish) {
    finish.run();
    long start = System.nanoTime();
    for (int i = 0; i < runs; i++) {
      queued.run();
    }
    finish.run();
    return (System.nanoTime() - start) / 1e6 / runs;
  }
}
