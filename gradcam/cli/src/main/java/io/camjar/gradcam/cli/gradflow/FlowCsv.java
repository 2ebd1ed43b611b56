package io.camjar.gradcam.cli.gradflow;

import io.camjar.engine.statistics.Summary;
import io.camjar.gradcam.cli.output.Csv;
import io.camjar.gradcam.flow.FlowPoint;
import io.camjar.gradcam.flow.FlowReport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code gradflow.csv}: a row a point, in the order of the network. */
final class FlowCsv {
  private static final List<String> FIGURES =
      List.of("mean", "std", "near_zero", "norm", "min", "max", "dead_units", "non_finite");

  private FlowCsv() {}

  static byte[] of(FlowReport report) {
    List<String> headings = new ArrayList<>(List.of("path", "kind"));
    FIGURES.forEach(figure -> headings.add("activation_" + figure));
    FIGURES.forEach(figure -> headings.add("gradient_" + figure));
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (FlowPoint point : report.points()) {
      List<@Nullable Object> row = new ArrayList<>();
      row.add(point.path());
      row.add(point.kind());
      row.addAll(figures(point.activation()));
      Summary gradient = point.gradient();
      row.addAll(gradient == null ? Collections.nCopies(FIGURES.size(), null) : figures(gradient));
      rows.add(row);
    }
    return Csv.of(headings, rows);
  }

  private static List<Object> figures(Summary of) {
    return List.of(
        of.mean(),
        of.std(),
        of.nearZero(),
        of.norm(),
        of.min(),
        of.max(),
        of.deadUnits(),
        of.nonFinite());
  }
}
