package io.camjar.gradcam;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.engine.device.Devices;
import io.camjar.engine.kernel.Kernels;
import io.camjar.gradcam.image.Box;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.math.Finite;
import io.camjar.gradcam.provenance.Program;
import io.camjar.gradcam.scaling.MapStyle;
import io.camjar.weights.provenance.Assumption;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An explanation in figures, as {@code NAME.json} holds it: the names of the components, in their
 * order, are those of the JSON. Numbers that are not finite are null.
 *
 * @param schema what the record's components mean
 * @param camjar the program's version
 * @param image the image, as it was named
 * @param input what the network was shown
 * @param model the network
 * @param device {@code cpu}, or number and name of another, {@code opencl:0 (...)}
 * @param kernels which implementation of the arithmetic
 * @param kernelsNote why these are not the fastest, with what to do about it; absent where they
 *     are, or were asked for
 * @param threads how many of them did the arithmetic
 * @param method {@code gradcam}, ...
 * @param style from raw maps to what images show
 * @param outputs what probabilities are: {@code softmax} or {@code sigmoid}; {@code raw} where
 *     there are none, {@code none} where there is no classifier
 * @param assumed what the answer depends on and could have been otherwise, with who said so
 * @param top the most probable classes, the first first
 * @param expected what the network thinks of the class that was expected; absent where none was
 * @param exits what each exit answers, where the network has several and {@code top} is the answer
 *     of the last that was asked for; absent where it has one
 * @param maps one entry a layer and class, and where there are several exits an exit
 * @param ms milliseconds of each phase
 */
public record ExplanationRecord(
    Schema schema,
    String camjar,
    String image,
    Input input,
    ModelInfo model,
    String device,
    String kernels,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String kernelsNote,
    int threads,
    String method,
    Style style,
    String outputs,
    List<Assumed> assumed,
    List<Top> top,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Expected expected,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<ExitTop> exits,
    List<Map> maps,
    Timings ms) {
  /** How many of the most likely classes a record names. */
  public static final int TOP = 5;

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String FAINT =
      "the largest value is so small that the map is dark, because pytorch-grad-cam's scaling adds"
          + " 1e-7 to it: scale minmax shows it";
  private static final String EVEN =
      "every value is the same: no place stands out, and scaled to 0..1 the map is blank";

  /**
   * What the components mean: {@code docs/explanation.schema.json} describes this version.
   *
   * @param name the record's kind
   * @param version {@code major.minor}; a reader of 1.0 understands every 1.x
   */
  public record Schema(String name, String version) {
    /** What this class writes. */
    public static final Schema CURRENT = new Schema("camjar-explanation", "1.2");
  }

  /**
   * What the network was shown.
   *
   * @param height rows in pixels
   * @param width columns in pixels
   * @param preset how the image was prepared; {@code none} where the input came prepared
   * @param picture the image's size before that
   * @param region the rectangle of the image that the network saw, in the image's pixels
   */
  public record Input(int height, int width, String preset, Size picture, Box region) {}

  /** An image's size in pixels. */
  public record Size(int height, int width) {}

  /**
   * From raw maps to what images show; see {@link MapStyle}.
   *
   * @param sign {@code rectified}, {@code absolute} or {@code signed}
   */
  public record Style(String sign, double threshold, String scaling) {
    static Style of(MapStyle style) {
      String sign = style.sign().name().toLowerCase(Locale.ROOT);
      return new Style(sign, style.threshold(), style.scaling().toString());
    }
  }

  /**
   * One thing that was assumed.
   *
   * @param source {@code option}, {@code file}, {@code network} or {@code default}
   * @param note why, or what else it could have been; absent where there is nothing to add
   */
  public record Assumed(
      String what,
      String value,
      String source,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) String note) {
    /** The same as a record holds it. */
    public static Assumed of(Assumption one) {
      return new Assumed(one.what(), one.value(), one.source().word(), one.note());
    }
  }

  /** One of the most probable classes. */
  public record Top(
      int index, @Nullable String label, @Nullable Float logit, @Nullable Double probability) {
    /** The same as a record holds it. */
    public static Top of(Prediction prediction) {
      return new Top(
          prediction.target().index(),
          prediction.target().label(),
          Finite.orNull(prediction.logit()),
          Finite.orNull(prediction.probability()));
    }
  }

  /**
   * What one exit answers.
   *
   * @param exit counted from 1
   * @param top its classes with the largest scores, the first first
   */
  public record ExitTop(int exit, List<Top> top) {}

  /**
   * One map.
   *
   * @param exit the exit whose scores it explains; absent where the network has one
   * @param layer the layer's path
   * @param target the class it explains
   * @param min the smallest signed value, before ReLU and scaling
   * @param max the largest
   * @param status {@code ok}, {@code no-positive-evidence} or {@code non-finite}
   * @param note what a reader of the map must know; absent where there is nothing
   * @param files what was written of it
   */
  public record Map(
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer exit,
      String layer,
      @com.fasterxml.jackson.annotation.JsonProperty("class") ClassLabel target,
      int height,
      int width,
      @Nullable Float min,
      @Nullable Float max,
      String status,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String note,
      List<String> files) {}

  /** The record as JSON, indented; {@code docs/explanation.schema.json} describes it. */
  public String toJson() {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e); // a record of plain values can always be written
    }
  }

  static ExplanationRecord of(Explanation explanation, Function<CamMap, List<String>> files) {
    RgbImage picture = explanation.picture();
    String device = Devices.describe();
    boolean onCpu = device.equals(Devices.CPU);
    return new ExplanationRecord(
        Schema.CURRENT,
        Program.version(),
        explanation.image(),
        new Input(
            explanation.inputHeight(),
            explanation.inputWidth(),
            explanation.preset(),
            new Size(picture.height(), picture.width()),
            explanation.region()),
        explanation.model(),
        device,
        onCpu ? Kernels.active().name() : Devices.selected().replaceAll(":.*", ""),
        onCpu ? Kernels.warning().orElse(null) : null,
        explanation.threads(),
        explanation.method(),
        Style.of(explanation.style()),
        explanation.readout().meaning(),
        explanation.assumed().stream().map(Assumed::of).toList(),
        top(explanation),
        explanation.expected().orElse(null),
        exits(explanation),
        explanation.exits().stream()
            .flatMap(one -> one.maps().stream().map(map -> entry(one, map, files.apply(map))))
            .toList(),
        explanation.timings());
  }

  private static @Nullable List<ExitTop> exits(Explanation explanation) {
    return explanation.exit().isEmpty()
        ? null
        : explanation.exits().stream()
            .map(one -> new ExitTop(one.exit().orElseThrow(), top(one)))
            .toList();
  }

  private static List<Top> top(Explanation explanation) {
    return explanation.top(TOP).stream().map(Top::of).toList();
  }

  private static Map entry(Explanation explanation, CamMap map, List<String> files) {
    OptionalInt exit = explanation.exit();
    return new Map(
        exit.isPresent() ? exit.getAsInt() : null,
        map.layer(),
        map.target(),
        map.height(),
        map.width(),
        Finite.orNull(map.min()),
        Finite.orNull(map.max()),
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
}
