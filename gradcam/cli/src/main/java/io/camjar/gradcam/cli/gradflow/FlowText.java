package io.camjar.gradcam.cli.gradflow;

import io.camjar.engine.statistics.Summary;
import io.camjar.gradcam.cli.output.TextTable;
import io.camjar.gradcam.flow.Finding;
import io.camjar.gradcam.flow.FlowPoint;
import io.camjar.gradcam.flow.FlowReport;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A {@link FlowReport} for readers: a line a value, then what is wrong. */
final class FlowText {
  private FlowText() {}

  static void print(FlowReport report, PrintWriter out) {
    TextTable table =
        new TextTable(
            "point", "kind", ">mean", ">std", ">near zero", ">dead", ">gradient norm", ">std");
    Set<Integer> seen = new HashSet<>();
    for (FlowPoint point : report.points()) {
      if (point.isPart() || seen.add(point.value())) {
        Summary activation = point.activation();
        Summary gradient = point.gradient();
        table.row(
            List.of(
                point.path(),
                point.kind(),
                number(activation.mean()),
                number(activation.std()),
                percent(activation.nearZero()),
                percent(activation.deadUnits()),
                gradient == null ? "-" : number(gradient.norm()),
                gradient == null ? "-" : number(gradient.std())));
      }
    }
    table.print(out);
    out.println();
    if (report.findings().isEmpty()) {
      out.printf(
          "no findings: nothing is dead, vanishes, explodes or is not finite, on %d image%s%n",
          report.images(), report.images() == 1 ? "" : "s");
    }
    for (Finding finding : report.findings()) {
      out.printf(
          "%s: %s%s%n",
          finding.kind().word(),
          finding.note(),
          finding.points() > 1 ? ", and so at %d points".formatted(finding.points()) : "");
    }
  }

  private static String number(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4g", value) : "not finite";
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
