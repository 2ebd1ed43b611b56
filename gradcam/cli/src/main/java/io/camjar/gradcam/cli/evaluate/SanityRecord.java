package io.camjar.gradcam.cli.evaluate;

import io.camjar.gradcam.ModelInfo;
import io.camjar.gradcam.metric.Estimate;
import java.util.List;

/**
 * What {@code sanity.json} holds: the names of the components, in their order, are those of the
 * JSON.
 *
 * @param model the network
 * @param preset how images were prepared
 * @param layer the layer of the maps
 * @param pictures how many were compared
 * @param failed those that could not be used
 * @param similarities one entry a randomised network and method
 */
record SanityRecord(
    ModelInfo model,
    String preset,
    String layer,
    int pictures,
    List<String> failed,
    List<Row> similarities) {
  /**
   * How like the maps of one method stayed.
   *
   * @param mode {@code cascading} or {@code independent}
   * @param depth the part's place from the scores, 1 first
   * @param part what was randomised, together with all before it if cascading
   * @param method the method's name
   * @param spearman see {@link io.camjar.gradcam.metric.Similarity}
   * @param sizes see there
   * @param ssim see there
   */
  record Row(
      String mode,
      int depth,
      String part,
      String method,
      Estimate spearman,
      Estimate sizes,
      Estimate ssim) {}
}
