package io.camjar.gradcam.dataset;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.render.ScaledMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.ml.clustering.CentroidCluster;
import org.apache.commons.math3.ml.clustering.DoublePoint;
import org.apache.commons.math3.ml.clustering.KMeansPlusPlusClusterer;
import org.apache.commons.math3.ml.clustering.KMeansPlusPlusClusterer.EmptyClusterStrategy;
import org.apache.commons.math3.ml.clustering.MultiKMeansPlusPlusClusterer;
import org.apache.commons.math3.ml.distance.EuclideanDistance;
import org.apache.commons.math3.random.JDKRandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Groups of maps that look at the same places: k-means on the square roots of the maps' shares on
 * the common grid, whose distances are Hellinger distances ({@link MapGrid#moved}). Where no number
 * of clusters is given it is the one of 2 to {@link #MOST} whose mean silhouette is largest, or 1
 * where that stays below {@link #STRUCTURE}; numbers that would leave a cluster of fewer than
 * {@link #FEWEST} do not count, since an odd image is no group.
 *
 * <p>Clusters of maps as a search for answers that are right for the wrong reason: Lapuschkin et
 * al. 2019, "Unmasking Clever Hans predictors and assessing what machines really learn", Nature
 * Communications 10:1096. K-means++: Arthur and Vassilvitskii 2007.
 */
public final class MapClusters {
  /** The most clusters that are tried where no number is given. */
  public static final int MOST = 8;

  /**
   * A mean silhouette below it is no sign of clusters: Kaufman and Rousseeuw 1990, "Finding groups
   * in data", table 4.
   */
  public static final double STRUCTURE = 0.25;

  /** The fewest members of each cluster where no number is given. */
  public static final int FEWEST = 3;

  private static final long SEED = 1;
  private static final int TRIALS = 8;
  private static final int ITERATIONS = 200;

  private MapClusters() {}

  /**
   * Some of the maps.
   *
   * @param members nearest to the cluster's centre first
   * @param mean of the members, on the common grid
   * @param silhouette the members' mean silhouette; NaN for an only cluster
   */
  public record Cluster(List<ImageMap> members, ScaledMap mean, double silhouette) {
    public Cluster {
      members = List.copyOf(members);
    }

    /** On how many members the network is right; of those whose class is not known none. */
    public int right() {
      return (int) members.stream().filter(map -> Boolean.TRUE.equals(map.right())).count();
    }

    /** How many members' classes are known. */
    public int labelled() {
      return (int) members.stream().filter(map -> map.right() != null).count();
    }
  }

  /**
   * All clusters of some maps.
   *
   * @param clusters the largest first
   * @param silhouette the mean over all maps; NaN for an only cluster
   * @param blank maps without evidence, which are in no cluster
   */
  public record Clustering(List<Cluster> clusters, double silhouette, List<ImageMap> blank) {
    public Clustering {
      clusters = List.copyOf(clusters);
      blank = List.copyOf(blank);
    }
  }

  /**
   * Groups maps; the same maps in the same order give the same groups.
   *
   * @param count how many clusters, at most as many as there are different maps; null to choose
   * @throws CamjarException if the count is not positive
   */
  public static Clustering of(List<ImageMap> maps, @Nullable Integer count) {
    if (count != null && count < 1) {
      throw new CamjarException("maps form 1 cluster or more, but asked for were " + count);
    }
    List<ImageMap> shown = maps.stream().filter(ImageMap::showsEvidence).toList();
    List<ImageMap> blank = maps.stream().filter(map -> !map.showsEvidence()).toList();
    if (shown.isEmpty()) {
      return new Clustering(List.of(), Double.NaN, blank);
    }
    List<double[]> points = shown.stream().map(map -> MapGrid.roots(map.map())).toList();
    int different = (int) points.stream().map(Arrays::toString).distinct().count();
    Silhouette silhouette = Silhouette.of(points, SEED);
    Partition best = Partition.one(points);
    double[] means = {Double.NaN, Double.NaN};
    int last = Math.min(count == null ? Math.min(MOST, points.size() / FEWEST) : count, different);
    for (int k = count == null ? 2 : last; k > 1 && k <= last; k++) {
      Partition tried = Partition.of(points, k);
      double[] values = silhouette.means(tried.clusterOf, tried.count());
      double bound = best.count() == 1 ? STRUCTURE : means[best.count()];
      if (count != null || (tried.smallest() >= FEWEST && values[tried.count()] > bound)) {
        best = tried;
        means = values;
      }
    }
    return new Clustering(best.clusters(shown, means), means[best.count()], blank);
  }

  /**
   * Points in clusters.
   *
   * @param clusterOf for every point its cluster, 0 first
   * @param distances of every point from its cluster's centre
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed on within this class; never compared.
  private record Partition(int count, int[] clusterOf, double[] distances) {
    static Partition one(List<double[]> points) {
      return of(
          List.of(new Group(mean(points), IntStream.range(0, points.size()).toArray())), points);
    }

    static Partition of(List<double[]> points, int count) {
      JDKRandomGenerator random = new JDKRandomGenerator();
      random.setSeed(SEED);
      KMeansPlusPlusClusterer<Indexed> once =
          new KMeansPlusPlusClusterer<>(
              count,
              ITERATIONS,
              new EuclideanDistance(),
              random,
              EmptyClusterStrategy.FARTHEST_POINT);
      List<Indexed> indexed =
          IntStream.range(0, points.size()).mapToObj(i -> new Indexed(points.get(i), i)).toList();
      List<Group> groups = new ArrayList<>();
      for (CentroidCluster<Indexed> cluster :
          new MultiKMeansPlusPlusClusterer<>(once, TRIALS).cluster(indexed)) {
        groups.add(
            new Group(
                cluster.getCenter().getPoint(),
                cluster.getPoints().stream().mapToInt(point -> point.index).sorted().toArray()));
      }
      groups.removeIf(group -> group.points.length == 0);
      groups.sort(
          Comparator.<Group>comparingInt(group -> -group.points.length)
              .thenComparingInt(group -> group.points[0]));
      return of(groups, points);
    }

    private static Partition of(List<Group> groups, List<double[]> points) {
      int[] clusterOf = new int[points.size()];
      double[] distances = new double[points.size()];
      EuclideanDistance distance = new EuclideanDistance();
      for (int c = 0; c < groups.size(); c++) {
        for (int point : groups.get(c).points) {
          clusterOf[point] = c;
          distances[point] = distance.compute(groups.get(c).center, points.get(point));
        }
      }
      return new Partition(groups.size(), clusterOf, distances);
    }

    int smallest() {
      int[] sizes = new int[count];
      Arrays.stream(clusterOf).forEach(cluster -> sizes[cluster]++);
      return Arrays.stream(sizes).min().orElse(0);
    }

    private static double[] mean(List<double[]> points) {
      double[] mean = new double[points.get(0).length];
      for (double[] point : points) {
        for (int i = 0; i < mean.length; i++) {
          mean[i] += point[i] / points.size();
        }
      }
      return mean;
    }

    List<Cluster> clusters(List<ImageMap> maps, double[] silhouettes) {
      List<Cluster> clusters = new ArrayList<>();
      for (int c = 0; c < count; c++) {
        int cluster = c;
        List<ImageMap> members =
            IntStream.range(0, maps.size())
                .filter(i -> clusterOf[i] == cluster)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> distances[i]))
                .map(maps::get)
                .toList();
        clusters.add(new Cluster(members, MeanMap.of(members).map(), silhouettes[c]));
      }
      return clusters;
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Handed on within this class; never compared.
  private record Group(double[] center, int[] points) {}

  private static final class Indexed extends DoublePoint {
    private static final long serialVersionUID = 1L;
    private final int index;

    Indexed(double[] point, int index) {
      super(point);
      this.index = index;
    }
  }
}
