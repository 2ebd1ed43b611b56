package io.camjar.gradcam.cli.evaluate;

import io.camjar.gradcam.cli.output.Csv;
import io.camjar.gradcam.cli.output.TextTable;
import io.camjar.gradcam.metric.Estimate;
import io.camjar.gradcam.metric.Metric;
import io.camjar.gradcam.metric.SampleStatistics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The figures of all methods on all images: a table, and rows for files. */
final class FaithfulnessResults {
  private final List<Measured> measured = new ArrayList<>();

  /** One method's figures on one more image. */
  void add(Measured figures) {
    measured.add(figures);
  }

  /** All that was added, in its order. */
  List<Measured> measured() {
    return List.copyOf(measured);
  }

  /** For each method and measure the mean over the images. */
  Map<String, Map<String, Estimate>> summary() {
    Map<String, Map<String, Estimate>> summary = new LinkedHashMap<>();
    samples()
        .forEach(
            (method, row) -> {
              Map<String, Estimate> estimates = new LinkedHashMap<>();
              row.forEach((metric, sample) -> estimates.put(metric, Estimate.of(sample)));
              summary.put(method, estimates);
            });
    return summary;
  }

  /** A row a method: means with their intervals. */
  TextTable table() {
    List<String> headings = new ArrayList<>(List.of("method"));
    columns().forEach(c -> headings.add(">" + c.label() + (c.higherIsBetter() ? " +" : " -")));
    TextTable table = new TextTable(headings.toArray(new String[0]));
    samples()
        .forEach(
            (method, row) -> {
              List<String> cells = new ArrayList<>(List.of(method));
              columns().forEach(c -> cells.add(cell(row.get(c.label()))));
              table.row(cells);
            });
    return table;
  }

  /** A row an image and method. */
  byte[] picturesCsv() {
    List<String> headings =
        new ArrayList<>(List.of("picture", "index", "label", "probability", "method"));
    columns().forEach(c -> headings.add(c.label()));
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Measured one : measured) {
      List<@Nullable Object> row = new ArrayList<>();
      row.add(one.picture());
      row.add(one.target().index());
      row.add(one.target().label());
      row.add(one.probability());
      row.add(one.method());
      columns().forEach(c -> row.add(one.figures().get(c.label())));
      rows.add(row);
    }
    return Csv.of(headings, rows);
  }

  /** A row a method and measure. */
  byte[] summaryCsv() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    Map<String, Map<String, Estimate>> summary = summary();
    summary.forEach(
        (method, estimates) -> {
          for (Metric metric : columns()) {
            Estimate estimate = estimates.get(metric.label());
            if (estimate != null) {
              List<@Nullable Object> row = new ArrayList<>();
              row.add(method);
              row.add(metric.label());
              row.add(metric.higherIsBetter() ? "higher" : "lower");
              row.add(estimate.mean());
              row.add(estimate.margin());
              row.add(estimate.pictures());
              rows.add(row);
            }
          }
        });
    return Csv.of(List.of("method", "measure", "better", "mean", "margin95", "pictures"), rows);
  }

  /** The measures that at least one image has. */
  private List<Metric> columns() {
    return List.of(Metric.values()).stream()
        .filter(m -> measured.stream().anyMatch(one -> one.figures().containsKey(m.label())))
        .toList();
  }

  private Map<String, Map<String, SampleStatistics>> samples() {
    Map<String, Map<String, SampleStatistics>> samples = new LinkedHashMap<>();
    for (Measured one : measured) {
      Map<String, SampleStatistics> row =
          samples.computeIfAbsent(one.method(), name -> new LinkedHashMap<>());
      one.figures()
          .forEach(
              (metric, figure) ->
                  row.computeIfAbsent(metric, m -> new SampleStatistics())
                      .add(figure == null ? Double.NaN : figure));
    }
    return samples;
  }

  private static String cell(@Nullable SampleStatistics sample) {
    if (sample == null || sample.count() == 0) {
      return "-";
    }
    String mean = String.format(Locale.ROOT, "%.3f", sample.mean());
    return sample.count() < 2 ? mean : mean + String.format(Locale.ROOT, " ±%.3f", sample.margin());
  }
}
