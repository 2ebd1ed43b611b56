package io.camjar.gradcam.dataset;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * How well points lie in their clusters: {@code (b - a) / max(a, b)} of each point, {@code a} its
 * mean distance to the others of its cluster and {@code b} the smallest mean distance to another
 * cluster; 0 for a point that is alone. Near 1 the point is far from other clusters, below 0 it is
 * nearer to another one.
 *
 * <p>Source: Rousseeuw 1987, "Silhouettes: a graphical aid to the interpretation and validation of
 * cluster analysis".
 */
final class Silhouette {
  /** Points beyond which a sample of them is measured: distances are counted in pairs. */
  private static final int MOST = 1500;

  private final double[][] distances;

  /** For every point measured, its index among all. */
  private final int[] measured;

  private Silhouette(double[][] distances, int[] measured) {
    this.distances = distances;
    this.measured = measured;
  }

  /** Of these points, or of {@link #MOST} among them chosen with this seed. */
  static Silhouette of(List<double[]> points, long seed) {
    List<Integer> indices = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      indices.add(i);
    }
    if (indices.size() > MOST) {
      Collections.shuffle(indices, new Random(seed));
      indices = indices.subList(0, MOST);
    }
    int[] chosen = indices.stream().mapToInt(Integer::intValue).sorted().toArray();
    double[][] distances = new double[chosen.length][chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      for (int j = 0; j < i; j++) {
        double distance = distance(points.get(chosen[i]), points.get(chosen[j]));
        distances[i][j] = distance;
        distances[j][i] = distance;
      }
    }
    return new Silhouette(distances, chosen);
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }

  /**
   * The mean of each cluster's points, and of all points in the last place; NaN where no point was
   * measured.
   *
   * @param clusterOf for every point its cluster, 0 first
   */
  double[] means(int[] clusterOf, int clusters) {
    double[] sums = new double[clusters + 1];
    int[] counts = new int[clusters + 1];
    for (int i = 0; i < measured.length; i++) {
      int own = clusterOf[measured[i]];
      double value = value(i, own, clusterOf, clusters);
      sums[own] += value;
      counts[own]++;
      sums[clusters] += value;
      counts[clusters]++;
    }
    for (int c = 0; c < sums.length; c++) {
      sums[c] /= counts[c];
    }
    return sums;
  }

  private double value(int point, int own, int[] clusterOf, int clusters) {
    double[] sums = new double[clusters];
    int[] counts = new int[clusters];
    for (int j = 0; j < measured.length; j++) {
      if (j != point) {
        sums[clusterOf[measured[j]]] += distances[point][j];
        counts[clusterOf[measured[j]]]++;
      }
    }
    if (counts[own] == 0) {
      return 0;
    }
    double inside = sums[own] / counts[own];
    double outside = Double.POSITIVE_INFINITY;
    for (int c = 0; c < clusters; c++) {
      if (c != own && counts[c] > 0) {
        outside = Math.min(outside, sums[c] / counts[c]);
      }
    }
    double larger = Math.max(inside, outside);
    return Double.isInfinite(outside) || larger == 0 ? 0 : (outside - inside) / larger;
  }
}
