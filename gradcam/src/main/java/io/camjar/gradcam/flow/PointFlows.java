package io.camjar.gradcam.flow;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.ResidualSum;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.Point;
import io.camjar.engine.model.Points;
import io.camjar.engine.statistics.Summary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Summaries of the values of a network, added up, as those of its points. */
final class PointFlows {
  private final Network network;
  private final Graph graph;

  /** A path for each value that points name. */
  private final Map<Integer, String> paths = new LinkedHashMap<>();

  private final Map<Integer, ResidualSum> sums = new HashMap<>();
  private final Map<String, Summary> activations = new HashMap<>();
  private final Map<String, Summary> gradients = new HashMap<>();
  private final Map<String, Summary> branches = new HashMap<>();
  private final Map<String, Summary> shortcuts = new HashMap<>();

  PointFlows(Network network) {
    this.network = network;
    this.graph = network.graph();
    for (Point point : network.points().all()) {
      paths.putIfAbsent(graph.value(point.path()), point.path());
    }
    ResidualSum.of(graph).forEach(sum -> sums.put(sum.sum(), sum));
  }

  /** One path for each value, of which summaries are wanted. */
  Set<String> paths() {
    return new TreeSet<>(paths.values());
  }

  /** Adds the summary of a value, or of the images. */
  void addActivation(String path, Summary summary) {
    activations.merge(path, summary, Summary::plus);
  }

  /** Adds the summary of the gradient with respect to a value. */
  void addGradient(String path, Summary summary) {
    gradients.merge(path, summary, Summary::plus);
  }

  /** Adds that of the gradient that comes through a part of a residual block. */
  void addPart(String sum, boolean branch, Summary summary) {
    (branch ? branches : shortcuts).merge(sum, summary, Summary::plus);
  }

  /** Whether there is nothing yet. */
  boolean isEmpty() {
    return activations.isEmpty();
  }

  /** Forgets all. */
  void clear() {
    activations.clear();
    gradients.clear();
    branches.clear();
    shortcuts.clear();
  }

  /** The root mean square of the images; 1 where it is 0. */
  double inputRms() {
    Summary input = activations.get(Points.INPUT);
    return input != null && input.rms() > 0 ? input.rms() : 1;
  }

  /** The norm of the gradient with respect to a value of the graph; 1 where it is 0 or unknown. */
  double gradientNorm(int value) {
    Summary gradient = gradients.get(paths.getOrDefault(value, ""));
    return gradient != null && gradient.norm() > 0 ? gradient.norm() : 1;
  }

  /** What flows through each point that an output depends on. */
  List<FlowPoint> points() {
    List<FlowPoint> points = new ArrayList<>();
    for (Point point : network.points().all()) {
      int value = graph.value(point.path());
      String known = paths.get(value);
      Summary activation = activations.get(known);
      if (activation != null) { // else no output depends on it
        points.add(
            new FlowPoint(point.path(), point.kind(), value, activation, gradients.get(known)));
        ResidualSum sum = sums.get(value);
        if (sum != null && graph.nodes().get(value).path().equals(point.path())) {
          part(point.path(), FlowPoint.BRANCH, sum.branch(), branches, points);
          part(point.path(), FlowPoint.SHORTCUT, sum.shortcut(), shortcuts, points);
        }
      }
    }
    return points;
  }

  private void part(
      String sum, String kind, int value, Map<String, Summary> parts, List<FlowPoint> points) {
    @Nullable Summary gradient = parts.get(sum);
    @Nullable Summary activation = activations.get(paths.getOrDefault(value, Points.INPUT));
    if (gradient != null && activation != null) {
      String path = sum + "." + kind.toLowerCase(Locale.ROOT);
      points.add(new FlowPoint(path, kind, value, activation, gradient));
    }
  }

  /** The full names of the learned parameters, in the order of the graph. */
  List<String> parameters() {
    List<String> names = new ArrayList<>();
    graph.nodes().stream()
        .filter(node -> node.learns())
        .forEach(
            node ->
                node.op().parameters().stream()
                    .filter(parameter -> parameter.learned())
                    .forEach(parameter -> names.add(node.parameter(parameter.name()))));
    return names;
  }
}
