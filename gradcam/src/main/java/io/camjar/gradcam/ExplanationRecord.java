package io.camjar.gradcam;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An explanation in figures, as {@code NAME.json} holds it: the names of the components, in their
 * order, are those of the JSON. Numbers that are not finite are null.
 *
 * @param image the picture, as it was named
 * @param input what the network was shown
 * @param model the network
 * @param device {@code cpu}
 * @param threads how many of them did the arithmetic
 * @param method {@code gradcam}, ...
 * @param top the likeliest classes, the first first
 * @param maps one entry a layer and class
 * @param ms milliseconds of each phase
 */
public record ExplanationRecord(
    String image,
    Input input,
    ModelInfo model,
    String device,
    int threads,
    String method,
    List<Top> top,
    List<Map> maps,
    Timings ms) {
  private static final int TOP = 5;
  private static final String FAINT =
      "the largest value is so small that the map is dark, because pytorch-grad-cam's scaling adds"
          + " 1e-7 to it: scale minmax shows it";
  private static final String EVEN =
      "every value is the same: no place stands out, and scaled to 0..1 the map is blank";

  /**
   * What the network was shown.
   *
   * @param height rows in pixels
   * @param width columns in pixels
   * @param preset how the picture was prepared; {@code none} where the input came prepared
   */
  public record Input(int height, int width, String preset) {}

  /** One of the likeliest classes. */
  public record Top(
      int index, @Nullable String label, @Nullable Float logit, @Nullable Double probability) {}

  /**
   * One map.
   *
   * @param layer the layer's path
   * @param target the class it explains
   * @param min the smallest signed value, before ReLU and scaling
   * @param max the largest
   * @param status {@code ok}, {@code no-positive-evidence} or {@code non-finite}
   * @param note what a reader of the map must know; absent where there is nothing
   * @param files what was written of it
   */
  public record Map(
      String layer,
      @com.fasterxml.jackson.annotation.JsonProperty("class") ClassLabel target,
      int height,
      int width,
      @Nullable Float min,
      @Nullable Float max,
      String status,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String note,
      List<String> files) {}

  static ExplanationRecord of(Explanation explanation, Function<CamMap, List<String>> files) {
    return new ExplanationRecord(
        explanation.image(),
        new Input(explanation.inputHeight(), explanation.inputWidth(), explanation.preset()),
        explanation.model(),
        "cpu",
        explanation.threads(),
        explanation.method(),
        explanation.top(TOP).stream().map(ExplanationRecord::top).toList(),
        explanation.maps().stream().map(map -> entry(map, files.apply(map))).toList(),
        explanation.timings());
  }

  private static Top top(Prediction prediction) {
    double probability = prediction.probability();
    return new Top(
        prediction.target().index(),
        prediction.target().label(),
        finite(prediction.logit()),
        Double.isFinite(probability) ? probability : null);
  }

  private static Map entry(CamMap map, List<String> files) {
    return new Map(
        map.layer(),
        map.target(),
        map.height(),
        map.width(),
        finite(map.min()),
        finite(map.max()),
        map.status().text(),
        note(map),
        files);
  }

  private static @Nullable String note(CamMap map) {
    if (map.status() == MapStatus.OK && map.isEven()) {
      return EVEN;
    }
    return map.isFaint() ? FAINT : null;
  }

  private static @Nullable Float finite(float value) {
    return Float.isFinite(value) ? value : null;
  }
}
