package io.camjar.gradcam.flow;

import io.camjar.engine.statistics.Summary;
import io.camjar.gradcam.flow.Finding.Kind;
import io.camjar.gradcam.flow.Finding.Tensor;
import io.camjar.gradcam.math.Finite;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.DoublePredicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads findings out of statistics. A signal that explodes, vanishes or is not finite is named
 * where that began: activations from the input on, gradients from the score back.
 */
final class Findings {
  private final List<FlowPoint> forward;
  private final List<FlowPoint> backward;
  private final Thresholds thresholds;
  private final double input;
  private final double score;
  private final List<Finding> found = new ArrayList<>();

  private Findings(List<FlowPoint> points, Thresholds thresholds, double input, double score) {
    this.forward = onceEach(points);
    this.backward = new ArrayList<>(forward);
    Collections.reverse(backward);
    this.thresholds = thresholds;
    this.input = input;
    this.score = score;
  }

  /**
   * The findings.
   *
   * @param points in the order of the network
   * @param input the root mean square of the images as the network gets them
   * @param score the norm of the gradient with respect to the outputs
   */
  static List<Finding> of(
      List<FlowPoint> points, Thresholds thresholds, double input, double score) {
    Findings findings = new Findings(points, thresholds, input, score);
    findings.nonFinite(Tensor.ACTIVATION, findings.forward, FlowPoint::activation);
    findings.nonFinite(Tensor.GRADIENT, findings.backward, FlowPoint::gradient);
    findings.signal(
        Tensor.ACTIVATION,
        findings.forward,
        findings.ofActivation(),
        "the input's",
        "root mean square");
    findings.signal(
        Tensor.GRADIENT, findings.backward, findings.ofGradient(), "the score's", "norm");
    findings.dead();
    return List.copyOf(findings.found);
  }

  /** Points that name one value are one; a block's parts have values of other points. */
  private static List<FlowPoint> onceEach(List<FlowPoint> points) {
    Set<Integer> seen = new HashSet<>();
    return points.stream().filter(p -> !p.isPart() && seen.add(p.value())).toList();
  }

  private interface Part {
    @Nullable Summary of(FlowPoint point);
  }

  private void nonFinite(Tensor of, List<FlowPoint> order, Part part) {
    FlowPoint first = null;
    int points = 0;
    long count = 0;
    long values = 0;
    for (FlowPoint point : order) {
      Summary summary = part.of(point);
      if (summary != null && summary.nonFinite() > 0) {
        points++;
        if (first == null) {
          first = point;
          count = summary.nonFinite();
          values = summary.count();
        }
      }
    }
    if (first != null) {
      found.add(
          new Finding(
              Kind.NON_FINITE,
              first.path(),
              of,
              (double) count,
              0,
              points,
              "the first %s that is NaN or infinite is at %s: %d of %d values"
                  .formatted(of.word(), first.path(), count, values)));
    }
  }

  private ToDoubleFunction<FlowPoint> ofActivation() {
    return point -> point.activation().rms() / input;
  }

  private ToDoubleFunction<FlowPoint> ofGradient() {
    return point -> {
      Summary gradient = point.gradient();
      return gradient == null ? Double.NaN : gradient.norm() / score;
    };
  }

  private void signal(
      Tensor of,
      List<FlowPoint> order,
      ToDoubleFunction<FlowPoint> ratio,
      String source,
      String measure) {
    first(
        Kind.EXPLODING,
        of,
        order,
        ratio,
        thresholds.exploding(),
        value -> value > thresholds.exploding(),
        "the %s of the %s at %%s is %%s times %s".formatted(measure, of.word(), source));
    first(
        Kind.VANISHING,
        of,
        order,
        ratio,
        thresholds.vanishing(),
        value -> value < thresholds.vanishing(),
        "the %s of the %s at %%s is %%s times %s".formatted(measure, of.word(), source));
  }

  private void first(
      Kind kind,
      Tensor of,
      List<FlowPoint> order,
      ToDoubleFunction<FlowPoint> ratio,
      double threshold,
      DoublePredicate crosses,
      String note) {
    FlowPoint first = null;
    double figure = 0;
    int points = 0;
    for (FlowPoint point : order) {
      double value = ratio.applyAsDouble(point);
      if (!Double.isNaN(value) && crosses.test(value)) {
        points++;
        if (first == null) {
          first = point;
          figure = value;
        }
      }
    }
    if (first != null) {
      found.add(
          new Finding(
              kind,
              first.path(),
              of,
              Finite.orNull(figure),
              threshold,
              points,
              note.formatted(first.path(), String.format(Locale.ROOT, "%.2g", figure))));
    }
  }

  private void dead() {
    for (FlowPoint point : forward) {
      double dead = point.activation().deadUnits();
      if (dead >= thresholds.dead() && point.activation().nonFinite() == 0) {
        found.add(
            new Finding(
                Kind.DEAD,
                point.path(),
                Tensor.ACTIVATION,
                dead,
                thresholds.dead(),
                1,
                String.format(
                    Locale.ROOT,
                    "%.0f %% of the %d units of %s are 0 for every image",
                    100 * dead,
                    point.activation().units(),
                    point.path())));
      }
    }
  }
}
