package io.camjar.gradcam.cli.evaluate;

import io.camjar.gradcam.cli.output.Csv;
import io.camjar.gradcam.cli.output.TextTable;
import io.camjar.gradcam.metric.Estimate;
import io.camjar.gradcam.metric.SampleStatistics;
import io.camjar.gradcam.metric.Similarity;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How like maps stayed, for each randomised network and method. */
final class SanityResults {
  private final List<String> methods;
  private final List<Step> steps = new ArrayList<>();

  /** Nothing yet, of these methods. */
  SanityResults(List<String> methods) {
    this.methods = List.copyOf(methods);
  }

  /** Which parts are random. */
  enum Mode {
    /** All from the scores down to the part. */
    CASCADING("cascading", "random from the scores down to the part"),
    /** The part alone. */
    INDEPENDENT("independent", "only the part is random");

    private final String text;
    private final String meaning;

    Mode(String text, String meaning) {
      this.text = text;
      this.meaning = meaning;
    }

    /** In one word. */
    String text() {
      return text;
    }
  }

  /** One randomised network. */
  static final class Step {
    private final Mode mode;
    private final int depth;
    private final String part;
    private final Map<String, SampleStatistics[]> samples = new LinkedHashMap<>();

    private Step(Mode mode, int depth, String part) {
      this.mode = mode;
      this.depth = depth;
      this.part = part;
    }

    /** One more image. */
    void add(String method, Similarity similarity) {
      SampleStatistics[] three =
          samples.computeIfAbsent(
              method,
              name ->
                  new SampleStatistics[] {
                    new SampleStatistics(), new SampleStatistics(), new SampleStatistics()
                  });
      three[0].add(similarity.spearman());
      three[1].add(similarity.sizes());
      three[2].add(similarity.ssim());
    }
  }

  /** The methods, in their order. */
  List<String> methods() {
    return methods;
  }

  /** One more randomised network. */
  Step step(Mode mode, int depth, String part) {
    Step step = new Step(mode, depth, part);
    steps.add(step);
    return step;
  }

  /** One row a randomised network and method. */
  List<SanityRecord.Row> rows() {
    List<SanityRecord.Row> rows = new ArrayList<>();
    for (Step step : steps) {
      step.samples.forEach(
          (method, three) ->
              rows.add(
                  new SanityRecord.Row(
                      step.mode.text,
                      step.depth,
                      step.part,
                      method,
                      Estimate.of(three[0]),
                      Estimate.of(three[1]),
                      Estimate.of(three[2]))));
    }
    return rows;
  }

  /** A table for each mode: a row a part, three columns a method. */
  void print(PrintWriter out) {
    for (Mode mode : Mode.values()) {
      out.printf(
          "%s: %s (rank correlation of signed values, of sizes, structural similarity)%n",
          mode.text, mode.meaning);
      List<String> headings = new ArrayList<>(List.of("random"));
      methods.forEach(method -> headings.addAll(List.of(">" + method, ">sizes", ">ssim")));
      TextTable table = new TextTable(headings.toArray(new String[0]));
      for (Step step : steps) {
        if (step.mode == mode) {
          List<String> cells = new ArrayList<>(List.of(step.part));
          methods.forEach(method -> cells.addAll(cells(step.samples.get(method))));
          table.row(cells);
        }
      }
      table.print(out);
    }
  }

  private static List<String> cells(SampleStatistics @Nullable [] three) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      cells.add(
          three == null || three[i].count() == 0
              ? "-"
              : String.format(Locale.ROOT, "%.2f", three[i].mean()));
    }
    return cells;
  }

  /** A row a randomised network, method and measure. */
  byte[] csv() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (SanityRecord.Row row : rows()) {
      add(rows, row, "spearman", row.spearman());
      add(rows, row, "sizes", row.sizes());
      add(rows, row, "ssim", row.ssim());
    }
    return Csv.of(
        List.of("mode", "depth", "part", "method", "measure", "mean", "margin95", "pictures"),
        rows);
  }

  private static void add(
      List<List<@Nullable Object>> rows, SanityRecord.Row row, String measure, Estimate estimate) {
    List<@Nullable Object> cells = new ArrayList<>();
    cells.add(row.mode());
    cells.add(row.depth());
    cells.add(row.part());
    cells.add(row.method());
    cells.add(measure);
    cells.add(estimate.mean());
    cells.add(estimate.margin());
    cells.add(estimate.pictures());
    rows.add(cells);
  }
}
