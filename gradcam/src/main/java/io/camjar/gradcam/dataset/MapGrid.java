package io.camjar.gradcam.dataset;

import io.camjar.gradcam.render.ScaledMap;
import java.util.Arrays;

/** Maps on a common grid, so that those of layers and inputs of any size can be compared. */
public final class MapGrid {
  /** Cells a side. A map of 7 x 7 cells, the most usual one, is doubled exactly. */
  public static final int SIDE = 14;

  private MapGrid() {}

  /** The map on {@link #SIDE} x {@link #SIDE} cells. */
  public static ScaledMap of(ScaledMap map) {
    return resized(map, SIDE, SIDE);
  }

  /**
   * The map on another grid: each cell is the mean of what it covers, cells that are covered in
   * part counting by that part. The mean of the whole map stays the same.
   */
  static ScaledMap resized(ScaledMap map, int height, int width) {
    double[] down = new double[height * map.width()];
    spread(map.height(), height, (from, to, share) -> addRow(map, from, down, to, share));
    float[] out = new float[height * width];
    double[] row = new double[width];
    for (int y = 0; y < height; y++) {
      int start = y * map.width();
      Arrays.fill(row, 0);
      spread(map.width(), width, (from, to, share) -> row[to] += share * down[start + from]);
      for (int x = 0; x < width; x++) {
        out[y * width + x] = (float) row[x];
      }
    }
    return new ScaledMap(height, width, out);
  }

  private static void addRow(ScaledMap map, int from, double[] down, int to, double share) {
    for (int x = 0; x < map.width(); x++) {
      down[to * map.width() + x] += share * map.values()[from * map.width() + x];
    }
  }

  /** How much of one target cell a source cell makes up. */
  private interface Share {
    void add(int from, int to, double share);
  }

  private static void spread(int cells, int targets, Share share) {
    for (int to = 0; to < targets; to++) {
      double start = (double) to * cells / targets;
      double end = (double) (to + 1) * cells / targets;
      for (int from = (int) start; from < cells && from < end; from++) {
        double covered = Math.min(end, from + 1) - Math.max(start, from);
        share.add(from, to, covered / (end - start));
      }
    }
  }

  /** The sum of a map's values. */
  static double mass(ScaledMap map) {
    double sum = 0;
    for (float value : map.values()) {
      sum += value;
    }
    return sum;
  }

  /**
   * The square roots of the shares that cells of {@link #of} have in the map's sum. The Euclidean
   * distance of two such vectors, divided by the square root of 2, is the Hellinger distance of the
   * two distributions.
   *
   * @param map with a value above 0
   */
  static double[] roots(ScaledMap map) {
    ScaledMap grid = of(map);
    double sum = mass(grid);
    double[] roots = new double[grid.values().length];
    for (int i = 0; i < roots.length; i++) {
      roots[i] = Math.sqrt(grid.values()[i] / sum);
    }
    return roots;
  }

  /**
   * How far evidence has moved from one map to another: the Hellinger distance of the two maps,
   * each taken as a distribution over the common grid. 0 where they are proportional, 1 where no
   * cell has evidence in both; NaN where one of them is 0 everywhere.
   *
   * <p>Source: Hellinger 1909; {@code sqrt(1 - sum(sqrt(p * q)))}.
   */
  public static double moved(ScaledMap a, ScaledMap b) {
    if (!(mass(a) > 0 && mass(b) > 0)) {
      return Double.NaN;
    }
    double[] p = roots(a);
    double[] q = roots(b);
    double common = 0;
    for (int i = 0; i < p.length; i++) {
      common += p[i] * q[i];
    }
    return Math.sqrt(Math.max(0, 1 - common));
  }
}
