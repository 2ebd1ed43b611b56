package io.camjar.gradcam.report;

import io.camjar.gradcam.CamMap;
import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Expected;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Prediction;
import io.camjar.gradcam.Readout;
import io.camjar.gradcam.provenance.Program;
import io.camjar.gradcam.report.Report.Notes;
import io.camjar.gradcam.report.Report.ReportClass;
import io.camjar.gradcam.report.Report.ReportMap;
import io.camjar.gradcam.target.Outputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An explanation as the HTML page shows it. */
public final class Reports {
  private static final int TOP = 5;

  private Reports() {}

  /**
   * The content of the page of one explanation, and of the one next to it: its image, classes, maps
   * and what was assumed.
   *
   * @param title the page's heading, usually the image's name
   */
  public static Report of(Explanation explanation, String title) {
    return of(explanation.exits().stream().flatMap(Reports::both).toList(), title);
  }

  /**
   * The same of one image that was explained by several methods.
   *
   * @param explanations one a method; the first is shown at first
   * @param title the page's heading, usually the image's name
   */
  public static Report of(List<Explanation> explanations, String title) {
    Explanation explanation = main(explanations);
    String subtitle =
        "%s, %s head, %d classes; input %d x %d, preset %s%s"
            .formatted(
                explanation.model().architecture(),
                explanation.model().head(),
                explanation.model().classes(),
                explanation.inputHeight(),
                explanation.inputWidth(),
                explanation.preset(),
                outputs(explanation.readout()));
    return new Report(
        title,
        subtitle,
        "camjar " + Program.version() + ", weights from " + explanation.model().source(),
        explanation.picture(),
        explanation.region(),
        classes(explanation, explanations),
        explanations.stream().flatMap(Reports::maps).toList(),
        notes(explanations));
  }

  private static Notes notes(List<Explanation> explanations) {
    Explanation explanation = main(explanations);
    return new Notes(
        explanations.stream()
            .filter(one -> one.caution().isPresent())
            .collect(
                Collectors.toMap(Reports::way, one -> one.caution().orElseThrow(), (a, b) -> a)),
        explanations.stream()
            .filter(one -> !one.classDiscriminative())
            .map(Reports::way)
            .collect(Collectors.toSet()),
        explanation.expected().map(Expected::index).orElse(null),
        explanations.size() > 1,
        explanation.assumed());
  }

  /** The one that tells of the classes: the first, or of several exits the last. */
  private static Explanation main(List<Explanation> explanations) {
    Explanation first = explanations.get(0);
    return explanations.stream()
        .filter(one -> one.exit().isPresent() && one.method().equals(first.method()))
        .reduce((a, b) -> b)
        .orElse(first);
  }

  /** What made the maps: the method, and where there are several the exit. */
  private static String way(Explanation explanation) {
    return explanation.exit().isPresent()
        ? "%s, exit %d".formatted(explanation.method(), explanation.exit().getAsInt())
        : explanation.method();
  }

  /** The explanation, and the one next to it. */
  private static Stream<Explanation> both(Explanation explanation) {
    return Stream.concat(Stream.of(explanation), explanation.beside().stream());
  }

  private static Stream<ReportMap> maps(Explanation explanation) {
    return explanation.maps().stream().map(map -> map(explanation, map));
  }

  /** The most probable classes, and after them those that were explained although unlikely. */
  private static List<ReportClass> classes(
      Explanation explanation, List<Explanation> explanations) {
    Set<Integer> explained =
        explanations.stream()
            .flatMap(one -> one.targets().stream())
            .map(ClassLabel::index)
            .collect(Collectors.toSet());
    List<ReportClass> classes = new ArrayList<>();
    if (explanation.logits().length == 0) {
      return List.of(
          new ReportClass(ClassLabel.NONE.index(), ClassLabel.NONE.display(), Double.NaN));
    }
    List<Prediction> all = explanation.top(explanation.readout().labels().count());
    for (int rank = 0; rank < all.size(); rank++) {
      ClassLabel label = all.get(rank).target();
      if (rank < TOP || explained.contains(label.index())) {
        classes.add(
            new ReportClass(label.index(), name(explanation, label), all.get(rank).probability()));
      }
    }
    return classes;
  }

  /** Where there are no shares to draw bars of, the output stands behind the name. */
  private static String name(Explanation explanation, ClassLabel label) {
    Readout readout = explanation.readout();
    return readout.outputs() == Outputs.RAW
        ? label.display() + " " + readout.figure(explanation.logits(), label.index(), 3)
        : label.display();
  }

  private static String outputs(Readout readout) {
    return switch (readout.outputs()) {
      case SOFTMAX -> "";
      case SIGMOID ->
          readout.severalLabels()
              ? "; several labels, each with a share of its own (sigmoid)"
              : "; one output (sigmoid)";
      case RAW -> "; raw outputs without shares";
    };
  }

  private static ReportMap map(Explanation explanation, CamMap map) {
    return new ReportMap(
        map.layer(),
        map.target().index(),
        way(explanation),
        map.toScaledMap(),
        map.min(),
        map.max(),
        map.status().text());
  }
}
