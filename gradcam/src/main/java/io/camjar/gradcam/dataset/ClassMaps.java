package io.camjar.gradcam.dataset;

import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.dataset.MapClusters.Cluster;
import io.camjar.gradcam.dataset.MapClusters.Clustering;
import io.camjar.gradcam.render.ScaledMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The images that a network takes for one class, and where it looks in them.
 *
 * @param target the class, which is the top-1 class of all of them
 * @param images how many
 * @param right on how many the network is right; null where no image's class is known
 * @param mean of all their maps, on the common grid
 * @param clustering groups that look at the same places
 */
public record ClassMaps(
    ClassLabel target, int images, @Nullable Integer right, ScaledMap mean, Clustering clustering) {

  /**
   * Groups maps by top-1 class, and within each class by where they look.
   *
   * @param count clusters of each class; null to choose
   * @return in the order of the classes' indices
   */
  public static List<ClassMaps> of(List<ImageMap> maps, @Nullable Integer count) {
    Map<Integer, List<ImageMap>> byClass = new TreeMap<>();
    for (ImageMap map : maps) {
      byClass
          .computeIfAbsent(map.predicted().target().index(), index -> new ArrayList<>())
          .add(map);
    }
    return byClass.values().stream()
        .map(members -> of(members, MapClusters.of(members, count)))
        .toList();
  }

  private static ClassMaps of(List<ImageMap> members, Clustering clustering) {
    boolean known = members.stream().anyMatch(map -> map.right() != null);
    int right = (int) members.stream().filter(map -> Boolean.TRUE.equals(map.right())).count();
    return new ClassMaps(
        members.get(0).predicted().target(),
        members.size(),
        known ? right : null,
        MeanMap.of(members).map(),
        clustering);
  }

  /** The clusters, the largest first. */
  public List<Cluster> clusters() {
    return clustering.clusters();
  }
}
