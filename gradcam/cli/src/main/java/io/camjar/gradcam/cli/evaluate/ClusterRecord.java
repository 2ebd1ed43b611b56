package io.camjar.gradcam.cli.evaluate;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.ModelInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code clusters.json} holds: the names of the components, in their order, are those of the
 * JSON.
 *
 * @param model the network
 * @param preset how images were prepared
 * @param method the method of the maps
 * @param layer the layer of the maps
 * @param images how many were explained
 * @param failed those that could not be used
 * @param grid cells a side of the mean maps
 * @param classes the images by top-1 class
 */
@SuppressWarnings("ArrayRecordComponent") // Written as JSON; never compared.
record ClusterRecord(
    ModelInfo model,
    String preset,
    String method,
    String layer,
    int images,
    List<String> failed,
    int grid,
    List<OfClass> classes) {
  /**
   * The images of one top-1 class.
   *
   * @param right on how many of them the network is right; null where no image's class is known
   * @param silhouette the mean over all images; null for an only cluster
   * @param blank images whose maps show no evidence
   * @param mean the mean of all maps, row by row
   */
  record OfClass(
      @JsonProperty("class") ClassLabel target,
      int images,
      @Nullable Integer right,
      @Nullable Double silhouette,
      List<String> blank,
      float[] mean,
      List<OfCluster> clusters) {}

  /**
   * One cluster.
   *
   * @param labelled how many images' classes are known
   * @param right on how many of those the network is right
   * @param silhouette the mean over its images; null for an only cluster
   * @param mean the mean of its maps, row by row
   * @param images nearest to the middle first
   */
  record OfCluster(
      int labelled, int right, @Nullable Double silhouette, float[] mean, List<String> images) {}
}
