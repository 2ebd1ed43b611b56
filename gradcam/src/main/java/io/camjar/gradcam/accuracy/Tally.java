package io.camjar.gradcam.accuracy;

import java.util.Arrays;

/** Right answers among all, class by class. */
public final class Tally {
  private final int[] right;
  private final int[] all;

  /** An empty tally of this many classes. */
  public Tally(int classes) {
    right = new int[classes];
    all = new int[classes];
  }

  /** Counts one answer. */
  public void add(int actual, int predicted) {
    all[actual]++;
    if (actual == predicted) {
      right[actual]++;
    }
  }

  /** Pictures of a class. */
  public int count(int classIndex) {
    return all[classIndex];
  }

  /** Right answers on pictures of a class. */
  public int right(int classIndex) {
    return right[classIndex];
  }

  /** Pictures in all. */
  public int count() {
    return Arrays.stream(all).sum();
  }

  /** Right answers in all. */
  public int right() {
    return Arrays.stream(right).sum();
  }

  /** The share of right answers, 0 to 1; NaN without pictures. */
  public double accuracy() {
    return (double) right() / count();
  }
}
