package io.camjar.gradcam.results;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.image.ImagePoint;
import io.camjar.gradcam.results.ImageResult.Predicted;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes results of many images as tables, holding one image's at a time. */
public final class ResultTables {
  private static final List<String> COLUMNS =
      List.of(
          "image",
          "name",
          "predicted_index",
          "predicted",
          "probability",
          "margin",
          "actual_index",
          "actual",
          "loss",
          "right",
          "maps",
          "files",
          "ms",
          "error");
  private static final String SEPARATOR = ";";

  private ResultTables() {}

  /**
   * Writes {@code results.csv}: UTF-8, a heading and a row an image, quotes where RFC 4180 wants
   * them. Of each map a row holds {@code layer:class:status:x:y}, joined by semicolons as files
   * are; where several methods or exits have maps, {@code :method} and {@code :exitK} follow.
   */
  public static void writeCsv(Path file, Iterator<ImageResult> results) throws IOException {
    CsvSchema.Builder schema = CsvSchema.builder().setUseHeader(true);
    COLUMNS.forEach(schema::addColumn);
    CsvMapper mapper =
        CsvMapper.csvBuilder().enable(CsvGenerator.Feature.STRICT_CHECK_FOR_QUOTING).build();
    try (OutputStream out = Files.newOutputStream(file);
        SequenceWriter rows = mapper.writer(schema.build()).writeValues(out)) {
      while (results.hasNext()) {
        rows.write(row(results.next()).map(ResultTables::orEmpty).toList());
      }
    }
  }

  /**
   * Writes {@code results.json}: what the run was asked for, its totals, and all results.
   *
   * @param options what the results depend on, by name
   */
  public static void writeJson(
      Path file, Map<String, ?> options, Totals totals, Iterator<ImageResult> results)
      throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        JsonGenerator json = new ObjectMapper().createGenerator(out)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeObjectField("options", options);
      json.writeObjectField("totals", totals);
      json.writeArrayFieldStart("results");
      while (results.hasNext()) {
        json.writeObject(results.next());
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static Stream<@Nullable Object> row(ImageResult result) {
    Predicted predicted = result.predicted();
    ClassLabel actual = result.actual();
    return Stream.of(
        result.image(),
        result.name(),
        predicted == null ? null : predicted.index(),
        predicted == null ? null : predicted.display(),
        predicted == null ? null : predicted.probability(),
        result.margin(),
        actual == null ? null : actual.index(),
        actual == null ? null : actual.display(),
        result.loss(),
        result.right(),
        result.maps().stream().map(ResultTables::cell).collect(Collectors.joining(SEPARATOR)),
        String.join(SEPARATOR, result.files()),
        result.ms(),
        result.error());
  }

  /** Jackson leaves nulls out of rows, and the next cell takes their place. */
  private static Object orEmpty(@Nullable Object value) {
    return value == null ? "" : value;
  }

  private static String cell(ImageResult.Map map) {
    ImagePoint peak = map.peak();
    String place = peak == null ? ":" : String.format(Locale.ROOT, "%.1f:%.1f", peak.x(), peak.y());
    String method = map.method() == null ? "" : ":" + map.method();
    String exit = map.exit() == null ? "" : ":exit" + map.exit();
    return "%s:%d:%s:%s%s%s"
        .formatted(map.layer(), map.target().index(), map.status(), place, method, exit);
  }
}
