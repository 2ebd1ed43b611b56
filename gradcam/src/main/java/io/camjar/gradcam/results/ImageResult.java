package io.camjar.gradcam.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.image.ImagePoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one image: a row of {@code results.csv}, an entry of {@code results.json}. Figures
 * that are not finite are null.
 *
 * @param image the image, as it was named
 * @param name what the names of its files start with
 * @param predicted the predicted class; null if the image failed
 * @param margin how far its probability is ahead of the next class's; of a single output without
 *     names, ahead of its other side's
 * @param actual the class the image shows; null where that is not known
 * @param loss the natural logarithm of 1 / the actual class's probability: the cross entropy, of
 *     several labels the part that is this label's; null where outputs are raw
 * @param right whether the predicted class is the actual one
 * @param maps method by method and exit by exit where there are several, then layer by layer, and
 *     for each layer class by class
 * @param files what was written, the record last
 * @param ms from reading the image to the last file
 * @param error why there is no result; null if there is one
 */
public record ImageResult(
    String image,
    String name,
    @Nullable Predicted predicted,
    @Nullable Double margin,
    @Nullable ClassLabel actual,
    @Nullable Double loss,
    @Nullable Boolean right,
    List<Map> maps,
    List<String> files,
    double ms,
    @Nullable String error) {

  public ImageResult {
    maps = List.copyOf(maps);
    files = List.copyOf(files);
  }

  /** The result of an image that could not be explained. */
  public static ImageResult failed(
      String image, String name, @Nullable ClassLabel actual, double ms, String error) {
    return new ImageResult(
        image, name, null, null, actual, null, null, List.of(), List.of(), ms, error);
  }

  /** A class and its share after softmax or sigmoid; null where outputs have none. */
  public record Predicted(int index, @Nullable String label, @Nullable Double probability) {
    /** The name where there is one, else {@code class 7}. */
    public String display() {
      return new ClassLabel(index, label).display();
    }
  }

  /**
   * One map.
   *
   * @param method which of several made it; null where there is one
   * @param exit which of several it explains, from 1; null where there is one
   * @param status {@code ok}, {@code no-positive-evidence} or {@code non-finite}
   * @param peak where it is largest; null unless the status is {@code ok}
   * @param files what was written of it
   */
  public record Map(
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String method,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer exit,
      String layer,
      @JsonProperty("class") ClassLabel target,
      String status,
      @Nullable ImagePoint peak,
      List<String> files) {}
}
