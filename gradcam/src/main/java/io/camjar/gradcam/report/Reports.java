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
  private static final int LIKELIEST = 5;

  private Reports() {}

  /**
   * The content of the page of one explanation, and of the one beside it: its image, classes, maps
   * and what was assumed.
   *
   * @param title the page's heading, usually the image's name
   */
  public static Report of(Explanation explanation, String title) {
    return of(both(explanation).toList(), title);
  }

  /**
   * The same of one image that was explained by several methods.
   *
   * @param explanations one a method; the first is shown at first
   * @param title the page's heading, usually the image's name
   */
  public static Report of(List<Explanation> explanations, String title) {
    Explanation explanation = explanations.get(0);
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
        classes(explanation),
        explanations.stream().flatMap(Reports::maps).toList(),
        notes(explanations));
  }

  private static Notes notes(List<Explanation> explanations) {
    Explanation explanation = explanations.get(0);
    return new Notes(
        explanations.stream()
            .filter(one -> one.caution().isPresent())
            .collect(Collectors.toMap(Explanation::method, one -> one.caution().orElseThrow())),
        explanations.stream()
            .filter(one -> !one.classDiscriminative())
            .map(Explanation::method)
            .collect(Collectors.toSet()),
        explanation.expected().map(Expected::index).orElse(null),
        explanations.size() > 1,
        explanation.assumed());
  }

  /** The explanation, and the one beside it. */
  private static Stream<Explanation> both(Explanation explanation) {
    return Stream.concat(Stream.of(explanation), explanation.beside().stream());
  }

  private static Stream<ReportMap> maps(Explanation explanation) {
    return explanation.maps().stream().map(map -> map(explanation, map));
  }

  /** The likeliest classes, and after them those that were explained although unlikely. */
  private static List<ReportClass> classes(Explanation explanation) {
    Set<Integer> explained =
        explanation.targets().stream().map(ClassLabel::index).collect(Collectors.toSet());
    List<ReportClass> classes = new ArrayList<>();
    if (explanation.logits().length == 0) {
      return List.of(
          new ReportClass(ClassLabel.NONE.index(), ClassLabel.NONE.display(), Double.NaN));
    }
    List<Prediction> all = explanation.top(explanation.readout().labels().count());
    for (int rank = 0; rank < all.size(); rank++) {
      ClassLabel label = all.get(rank).target();
      if (rank < LIKELIEST || explained.contains(label.index())) {
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
        explanation.method(),
        map.toScaledMap(),
        map.min(),
        map.max(),
        map.status().text());
  }
}
