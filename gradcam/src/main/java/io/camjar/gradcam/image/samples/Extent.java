package io.camjar.gradcam.image.samples;

/** The smallest and largest of many values; those that are not finite do not count. */
public final class Extent {
  private double smallest = Double.POSITIVE_INFINITY;
  private double largest = Double.NEGATIVE_INFINITY;

  /** Counts a value in. */
  public void add(double value) {
    if (Double.isFinite(value)) {
      smallest = Math.min(smallest, value);
      largest = Math.max(largest, value);
    }
  }

  /** Whether there was a finite value. */
  public boolean known() {
    return smallest <= largest;
  }

  /** The smallest; 0 where there was none. */
  public double smallest() {
    return known() ? smallest : 0;
  }

  /** The largest; 0 where there was none. */
  public double largest() {
    return known() ? largest : 0;
  }
}
