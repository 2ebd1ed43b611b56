package io.camjar.gradcam.cli.evaluate;

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
 * @param preset how images were prepared
 * @param outputs {@code softmax}, {@code sigmoid} or {@code raw}: what a probability is
 * @param folders what says which class a folder is, {@code name} or {@code order}
 * @param pictures how many were classified
 * @param right on how many of them the network is right
 * @param passed files that are no images, and images in no folder of a class
 * @param classes the same folder by folder
 * @param failed images that could not be used, by their paths below the folder
 * @param predictions image by image
 */
record AccuracyRecord(
    ModelInfo model,
    String preset,
    String outputs,
    String folders,
    int pictures,
    int right,
    int passed,
    List<OfClass> classes,
    List<String> failed,
    List<OfImage> predictions) {
  /**
   * Images of one class, and how many were classified right.
   *
   * @param recall right ones among the images of the class; null without any
   * @param precision right ones among the answers that name the class; null without any
   */
  record OfClass(
      String folder,
      @JsonProperty("class") ClassLabel target,
      int pictures,
      int right,
      @Nullable Double recall,
      @Nullable Double precision) {}

  /** The class that an image shows, and the predicted one with its probability. */
  record OfImage(
      String picture,
      @JsonProperty("class") ClassLabel target,
      ClassLabel predicted,
      @Nullable Double probability) {}
}
