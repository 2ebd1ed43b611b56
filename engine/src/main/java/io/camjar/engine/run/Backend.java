package io.camjar.engine.run;

import io.camjar.engine.graph.Graph;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A way to compute graphs. Backends are services; the one of the highest priority that can run a
 * graph runs it.
 */
public interface Backend {

  /** Short name for records, logs and benchmarks. */
  String name();

  /** The higher, the sooner it is asked; the one that runs everything has 0. */
  int priority();

  /** Whether it can be used in this process at all. */
  boolean isAvailable();

  /**
   * What it lacks to run a graph, as a clause; empty if it can.
   *
   * @param parameters the graph's, by full name
   */
  Optional<String> lacks(Graph graph, Map<String, INDArray> parameters);

  /**
   * The graph as this backend computes it.
   *
   * @param parameters the graph's, by full name; borrowed
   * @param training whether it serves passes that train: parameters are then read anew by every
   *     pass; or passes that evaluate, for which they may be laid out once
   */
  Lowered<?> lower(Graph graph, Map<String, INDArray> parameters, boolean training);

  /**
   * The graph for passes that evaluate and whose backward yields the gradients of parameters: these
   * are read anew by every pass, and none is folded into another.
   *
   * @param parameters the graph's, by full name; borrowed
   */
  default Lowered<?> lowerLearning(Graph graph, Map<String, INDArray> parameters) {
    return lower(graph, parameters, false);
  }
}
