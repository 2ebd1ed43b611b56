package io.camjar.gradcam.flow;

import io.camjar.engine.statistics.Summary;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.FlowSheet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Draws a {@link FlowReport}. */
public final class FlowCharts {
  /** Rows beyond which a sheet is too long to be looked at. */
  private static final int MOST = 160;

  private static final int MOST_FINDINGS = 4;

  private FlowCharts() {}

  /**
   * The sheet: a row a value, named by the first point that names it; of a network of very many
   * values those that a finding names, and of the others every second, third and so on.
   *
   * @param title of the sheet
   * @param subtitle one line below it
   */
  public static RgbImage draw(String title, String subtitle, FlowReport report) {
    Set<String> flagged = report.findings().stream().map(Finding::path).collect(Collectors.toSet());
    Set<Integer> seen = new HashSet<>();
    List<FlowPoint> shown =
        report.points().stream().filter(p -> p.isPart() || seen.add(p.value())).toList();
    int every = (shown.size() + MOST - 1) / MOST;
    List<FlowSheet.Row> rows = new ArrayList<>();
    for (int i = 0; i < shown.size(); i++) {
      FlowPoint point = shown.get(i);
      if (i % every == 0 || flagged.contains(point.path())) {
        rows.add(
            new FlowSheet.Row(
                point.path(),
                flagged.contains(point.path()),
                figures(point.activation()),
                point.gradient() == null ? null : figures(point.gradient())));
      }
    }
    return FlowSheet.draw(title, notes(subtitle, report), rows);
  }

  private static FlowSheet.Figures figures(Summary of) {
    return new FlowSheet.Figures(
        of.histogram(), of.mean(), of.std(), of.norm(), of.nearZero(), of.deadUnits());
  }

  private static List<String> notes(String subtitle, FlowReport report) {
    List<String> notes = new ArrayList<>();
    notes.add(subtitle);
    if (report.findings().isEmpty()) {
      notes.add("no findings");
    }
    report.findings().stream()
        .limit(MOST_FINDINGS)
        .forEach(finding -> notes.add(finding.kind().word() + ": " + finding.note()));
    int more = report.findings().size() - MOST_FINDINGS;
    if (more > 0) {
      notes.add("and %d more findings".formatted(more));
    }
    return notes;
  }
}
