package io.camjar.gradcam.cli.compare;

import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.ModelInfo;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code compare.json} holds: the names of the components, in their order, are those of the
 * JSON.
 *
 * @param first the network A
 * @param second the network B
 * @param method the method of the maps
 * @param images how many were compared
 * @param failed those that could not be used
 * @param answers how many answers are the same, fixed, broken or other ones
 * @param moved how far evidence has moved, the mean; null where no two maps show any
 * @param changes image by image
 */
record CompareRecord(
    Side first,
    Side second,
    String method,
    int images,
    List<String> failed,
    Map<String, Integer> answers,
    @Nullable Double moved,
    List<OfImage> changes) {
  /**
   * One of the networks.
   *
   * @param preset how images were prepared
   * @param layer the layer of the maps
   * @param right on how many images it is right; null where no image's class is known
   */
  record Side(ModelInfo model, String preset, String layer, @Nullable Integer right) {}

  /** A class and its share; null where outputs have none. */
  record Answer(int index, @Nullable String label, @Nullable Double probability) {}

  /**
   * What became of one image.
   *
   * @param actual the class it shows, as A counts classes; null where that is not known
   * @param first the answer of A
   * @param second the answer of B, as B counts classes
   * @param share B's share of A's answer
   * @param answer {@code same}, {@code fixed}, {@code broken} or {@code other}
   * @param moved how far evidence for A's answer has moved, 0 to 1; null where a map shows none
   */
  record OfImage(
      String image,
      @Nullable ClassLabel actual,
      Answer first,
      Answer second,
      @Nullable Double share,
      String answer,
      @Nullable Double moved) {}
}
