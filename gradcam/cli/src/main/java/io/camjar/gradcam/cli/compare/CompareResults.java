package io.camjar.gradcam.cli.compare;

import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Prediction;
import io.camjar.gradcam.cli.images.MapSearch;
import io.camjar.gradcam.cli.images.Overlays;
import io.camjar.gradcam.cli.output.Csv;
import io.camjar.gradcam.cli.output.RecordJson;
import io.camjar.gradcam.cli.output.Staging;
import io.camjar.gradcam.cli.output.TextTable;
import io.camjar.gradcam.dataset.Change;
import io.camjar.gradcam.dataset.Change.Kind;
import io.camjar.gradcam.dataset.Comparison;
import io.camjar.gradcam.dataset.ComparisonViews;
import io.camjar.gradcam.math.Finite;
import io.camjar.gradcam.render.ColorMap;
import io.camjar.gradcam.render.Png;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A comparison on the console and in files.
 *
 * @param search found the images
 * @param failed images that could not be used
 * @param top how many images of each list are shown
 */
record CompareResults(
    Explainer first,
    Explainer second,
    MapSearch search,
    Comparison comparison,
    List<String> failed,
    int top) {

  /** Two short tables, and the figures of all images. */
  void print(PrintWriter out) {
    print(out, "answers that changed most", comparison.byAnswer(top));
    List<Change> moved = comparison.byMap(top);
    if (!moved.isEmpty()) {
      out.println();
      print(out, "the same answer, evidence moved most", moved);
    }
    out.println();
    out.println(sentence());
  }

  private void print(PrintWriter out, String title, List<Change> changes) {
    out.println(title);
    TextTable table =
        new TextTable(
            "image", "A", ">share", "B", ">share", ">B's share of A's", ">moved", "answer");
    for (Change change : changes) {
      table.row(
          List.of(
              search.name(change.image()),
              change.first().predicted().target().display(),
              figure(change.first().predicted().probability()),
              change.answer().target().display(),
              figure(change.answer().probability()),
              figure(change.share()),
              figure(change.moved()),
              change.kind().text()));
    }
    table.print(out);
  }

  private String sentence() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%d images, %d other answers".formatted(comparison.changes().size(), comparison.changed()));
    if (comparison.firstRight() != null) {
      Map<Kind, Integer> kinds = comparison.kinds();
      text.append(
          "; of %d with a known class A is right on %d and B on %d (%d fixed, %d broken)"
              .formatted(
                  comparison.labelled(),
                  comparison.firstRight(),
                  comparison.secondRight(),
                  kinds.get(Kind.FIXED),
                  kinds.get(Kind.BROKEN)));
    }
    return text.append(
            "; evidence moved by %s on average (0 the same place, 1 none in common)"
                .formatted(figure(comparison.meanMoved())))
        .toString();
  }

  private static String figure(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
  }

  private String subtitle() {
    return "A: %s from %s, layer %s; B: %s from %s, layer %s; %s of A's top-1 class"
        .formatted(
            first.model().architecture(),
            first.model().source(),
            first.layers().get(0),
            second.model().architecture(),
            second.model().source(),
            second.layers().get(0),
            first.options().describe());
  }

  /** Adds the table, the record, the sheet and the page. */
  void add(Staging staging, Overlays overlays, ColorMap colors) {
    staging.add("compare.csv", csv());
    staging.add("compare.json", RecordJson.bytes(record()));
    List<Change> shown = new ArrayList<>(comparison.byAnswer(top));
    comparison.byMap(top).stream().filter(one -> !shown.contains(one)).forEach(shown::add);
    staging.add(
        "compare.png",
        Png.encode(
            ComparisonViews.sheet("Two networks compared", subtitle(), shown, overlays, colors)));
    staging.add(
        "compare.html",
        ComparisonViews.page(comparison, subtitle(), "Made by camjar.", top, overlays)
            .getBytes(StandardCharsets.UTF_8));
  }

  private byte[] csv() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Change change : comparison.changes()) {
      List<@Nullable Object> cells = new ArrayList<>();
      cells.add(search.name(change.image()));
      cells.add(change.first().actual() == null ? null : change.first().actual().display());
      add(cells, change.first().predicted());
      add(cells, change.answer());
      cells.add(change.share());
      cells.add(change.kind().text());
      cells.add(change.moved());
      rows.add(cells);
    }
    return Csv.of(
        List.of(
            "image",
            "actual",
            "a_index",
            "a",
            "a_probability",
            "b_index",
            "b",
            "b_probability",
            "b_probability_of_a",
            "answer",
            "moved"),
        rows);
  }

  private static void add(List<@Nullable Object> cells, Prediction answer) {
    cells.add(answer.target().index());
    cells.add(answer.target().label());
    cells.add(answer.probability());
  }

  private CompareRecord record() {
    Map<String, Integer> kinds = new LinkedHashMap<>();
    comparison.kinds().forEach((kind, count) -> kinds.put(kind.text(), count));
    return new CompareRecord(
        side(first, comparison.firstRight()),
        side(second, comparison.secondRight()),
        first.options().describe(),
        comparison.changes().size(),
        failed,
        kinds,
        Finite.orNull(comparison.meanMoved()),
        comparison.changes().stream().map(this::ofImage).toList());
  }

  private static CompareRecord.Side side(Explainer explainer, @Nullable Integer right) {
    return new CompareRecord.Side(
        explainer.model(), explainer.preset().toString(), explainer.layers().get(0), right);
  }

  private CompareRecord.OfImage ofImage(Change change) {
    return new CompareRecord.OfImage(
        search.name(change.image()),
        change.first().actual(),
        answer(change.first().predicted()),
        answer(change.answer()),
        Finite.orNull(change.share()),
        change.kind().text(),
        Finite.orNull(change.moved()));
  }

  private static CompareRecord.Answer answer(Prediction answer) {
    return new CompareRecord.Answer(
        answer.target().index(), answer.target().label(), Finite.orNull(answer.probability()));
  }
}
