package io.camjar.engine.train;

import java.util.SplittableRandom;

/**
 * Generators that follow from a seed and a place, such as the number of an update, so that whoever
 * goes on at a place draws the same numbers.
 */
public final class Seeds {
  private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

  private Seeds() {}

  /** A generator for one place. */
  public static SplittableRandom random(long seed, long... place) {
    return new SplittableRandom(of(seed, place));
  }

  /** A seed for one place; splitmix64's mix of each number in turn. */
  public static long of(long seed, long... place) {
    long z = mix(seed + GOLDEN_RATIO);
    for (long number : place) {
      z = mix(z + number + GOLDEN_RATIO);
    }
    return z;
  }

  private static long mix(long number) {
    long z = number;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
