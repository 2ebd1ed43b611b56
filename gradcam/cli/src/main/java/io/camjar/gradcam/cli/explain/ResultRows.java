package io.camjar.gradcam.cli.explain;

import io.camjar.gradcam.CamMap;
import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.MapStatus;
import io.camjar.gradcam.Prediction;
import io.camjar.gradcam.math.Finite;
import io.camjar.gradcam.results.ImageResult;
import io.camjar.gradcam.results.ImageResult.Predicted;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sums explanations up. */
final class ResultRows {
  private ResultRows() {}

  /**
   * The result of an image.
   *
   * @param explanations one a method
   * @param actual the class it shows, if that is known
   */
  static ImageResult of(
      List<Explanation> explanations,
      String name,
      Output.Written written,
      @Nullable ClassLabel actual,
      double ms) {
    Explanation explanation = explanations.get(0);
    boolean several = explanations.size() > 1;
    List<Prediction> top = explanation.top(2);
    Predicted first = top.isEmpty() ? null : predicted(top.get(0));
    return new ImageResult(
        explanation.image(),
        name,
        first,
        top.isEmpty() ? null : Finite.orNull(margin(top)),
        actual,
        actual == null || first == null
            ? null
            : Finite.orNull(explanation.readout().loss(explanation.logits(), actual.index())),
        actual == null || first == null ? null : actual.index() == first.index(),
        explanations.stream()
            .flatMap(one -> one.exits().stream())
            .flatMap(one -> one.maps().stream().map(map -> row(one, map, several, written)))
            .toList(),
        written.files().stream().map(file -> file.getFileName().toString()).toList(),
        ms,
        null);
  }

  private static Predicted predicted(Prediction first) {
    return new Predicted(
        first.target().index(), first.target().label(), Finite.orNull(first.probability()));
  }

  /** Of a single output without names, how far its share is ahead of that of its other side. */
  private static double margin(List<Prediction> top) {
    double first = top.get(0).probability();
    return top.size() < 2 ? Math.abs(2 * first - 1) : first - top.get(1).probability();
  }

  private static ImageResult.Map row(
      Explanation explanation, CamMap map, boolean severalMethods, Output.Written written) {
    return new ImageResult.Map(
        severalMethods ? explanation.methodName() : null,
        explanation.exit().isPresent() ? explanation.exit().getAsInt() : null,
        map.layer(),
        map.target(),
        map.status().text(),
        map.status() == MapStatus.OK ? explanation.peak(map) : null,
        written.ofMaps().getOrDefault(map, List.of()));
  }
}
