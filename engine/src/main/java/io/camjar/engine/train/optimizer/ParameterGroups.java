package io.camjar.engine.train.optimizer;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.Node;
import io.camjar.engine.op.Param;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/** Shares the parameters of a network out to groups. */
public final class ParameterGroups {
  private record Kind(double rate, double decay) {}

  private ParameterGroups() {}

  /** All parameters alike. */
  public static List<ParameterGroup> alike(Graph graph, double rate, double decay) {
    return of(graph, path -> rate, decay, true);
  }

  /**
   * Parameters that decay, and those of one dimension, norms' weights and all biases, that do not.
   */
  public static List<ParameterGroup> decaying(Graph graph, double rate, double decay) {
    return of(graph, path -> rate, decay, false);
  }

  /**
   * The same with a rate a layer, such as less for the body than for the head.
   *
   * @param rate of the layer of a path, such as {@code layer1.0.conv1}
   */
  public static List<ParameterGroup> decaying(
      Graph graph, ToDoubleFunction<String> rate, double decay) {
    return of(graph, rate, decay, false);
  }

  private static List<ParameterGroup> of(
      Graph graph, ToDoubleFunction<String> rate, double decay, boolean alike) {
    Map<Kind, TreeSet<String>> groups = new LinkedHashMap<>();
    for (Node node : graph.nodes()) {
      for (Param parameter : node.op().parameters()) {
        if (parameter.learned()) {
          boolean decays = alike || parameter.shape().rank() > 1;
          groups
              .computeIfAbsent(
                  new Kind(rate.applyAsDouble(node.path()), decays ? decay : 0),
                  kind -> new TreeSet<>())
              .add(node.parameter(parameter.name()));
        }
      }
    }
    List<ParameterGroup> result = new ArrayList<>();
    groups.forEach((kind, names) -> result.add(new ParameterGroup(names, kind.rate, kind.decay)));
    return result;
  }
}
