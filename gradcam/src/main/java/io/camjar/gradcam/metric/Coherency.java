package io.camjar.gradcam.metric;

/**
 * Figures of the map itself (Poppi et al. 2021, arXiv 2104.10252), as pytorch-grad-cam's {@code
 * arcc.py}.
 */
public final class Coherency {
  private Coherency() {}

  /** The mean of the map's values, 0 to 1: how much of the image it needs. */
  public static double complexity(float[] map) {
    double sum = 0;
    for (float value : map) {
      sum += Math.abs(value);
    }
    return sum / map.length;
  }

  /**
   * {@code (r + 1) / 2} of Pearson's r between a map and the map of the input times that map: 1
   * where the map explains itself the same.
   */
  public static double coherency(float[] map, float[] mapOfMasked) {
    return (Agreement.pearson(map, mapOfMasked) + 1) / 2;
  }
}
