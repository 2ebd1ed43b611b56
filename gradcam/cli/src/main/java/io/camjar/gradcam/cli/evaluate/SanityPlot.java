package io.camjar.gradcam.cli.evaluate;

import io.camjar.gradcam.metric.Estimate;
import io.camjar.gradcam.render.LinePlot;
import io.camjar.gradcam.render.Png;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Similarity against depth, a line a method: both modes below, both kinds of measure across. */
final class SanityPlot {
  private SanityPlot() {}

  /** The plots of the first methods; as many as a plot has colours for. */
  static byte[] png(SanityResults results) {
    List<LinePlot> plots = new ArrayList<>();
    for (SanityResults.Mode mode : SanityResults.Mode.values()) {
      plots.add(
          plot(results, mode, "rank correlation of signed values", SanityRecord.Row::spearman));
      plots.add(plot(results, mode, "structural similarity", SanityRecord.Row::ssim));
    }
    return Png.encode(LinePlot.sheet(plots, 2));
  }

  private static LinePlot plot(
      SanityResults results,
      SanityResults.Mode mode,
      String measure,
      Function<SanityRecord.Row, Estimate> figure) {
    boolean cascading = mode == SanityResults.Mode.CASCADING;
    List<LinePlot.Line> lines = new ArrayList<>();
    for (String method : results.methods()) {
      List<double[]> points = new ArrayList<>();
      if (cascading) {
        points.add(new double[] {0, 1}); // nothing is random yet
      }
      for (SanityRecord.Row row : results.rows()) {
        Double mean = figure.apply(row).mean();
        if (row.mode().equals(mode.text()) && row.method().equals(method) && mean != null) {
          points.add(new double[] {row.depth(), mean});
        }
      }
      if (!points.isEmpty() && lines.size() < LinePlot.MOST_LINES) {
        lines.add(
            new LinePlot.Line(
                method,
                points.stream().mapToDouble(point -> point[0]).toArray(),
                points.stream().mapToDouble(point -> point[1]).toArray()));
      }
    }
    String xLabel =
        cascading ? "parts random, from the scores down" : "which part is random, 1 = the scores";
    return new LinePlot(mode.text() + " randomisation", xLabel, measure, lines);
  }
}
