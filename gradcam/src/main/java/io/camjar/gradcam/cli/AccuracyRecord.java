package io.camjar.gradcam.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.ModelInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code accuracy.json} holds: the names of the components, in their order, are those of the
 * JSON.
 *
 * @param model the network
 * @param preset how pictures were prepared
 * @param pictures how many were classified
 * @param right on how many of them the network is right
 * @param classes the same class by class
 * @param failed pictures that could not be used, by their paths below the folder
 * @param predictions picture by picture
 */
record AccuracyRecord(
    ModelInfo model,
    String preset,
    int pictures,
    int right,
    List<OfClass> classes,
    List<String> failed,
    List<OfPicture> predictions) {
  /** Pictures of one class, and how many were classified right. */
  record OfClass(
      String folder, @JsonProperty("class") ClassLabel target, int pictures, int right) {}

  /** The class that a picture shows, and the likeliest one with its probability. */
  record OfPicture(
      String picture,
      @JsonProperty("class") ClassLabel target,
      ClassLabel predicted,
      @Nullable Double probability) {}
}
