package io.camjar.engine.check;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.Node;
import io.camjar.engine.graph.Parameters;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.op.Param;
import io.camjar.engine.run.Backend;
import io.camjar.engine.run.Backends;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Session;
import io.camjar.engine.run.Trace;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Checks the backward of a graph, which may be one operation, to its inputs and every parameter.
 *
 * <p>The loss is a fixed random weighting of all outputs, so that every value counts differently.
 * Points where the function has a kink (a ReLU's zero, a pool's tie) must be kept away from the
 * input, as no difference quotient is right there.
 */
public final class GraphCheck {
  private final GradientCheck checker;
  private final Backend backend;
  private final boolean training;

  /** A check on this backend, in training or in evaluation mode. */
  public GraphCheck(GradientCheck checker, Backend backend, boolean training) {
    this.checker = checker;
    this.backend = backend;
    this.training = training;
  }

  /**
   * Checks a graph.
   *
   * @param parameters double arrays
   * @param inputs double arrays by the inputs' names, moved in place and put back
   * @param seed of the weighting and of dropout
   */
  public GradientReport check(
      Graph graph, Parameters parameters, Map<String, INDArray> inputs, long seed) {
    Map<String, INDArray> loaded = graph.load(parameters);
    Session<?> session = Backends.open(backend, graph, loaded, training);
    Map<String, INDArray> variables = new LinkedHashMap<>(inputs);
    // Running statistics move in training and are not learned in either mode.
    for (String name : learned(graph)) {
      variables.put(name, loaded.get(name));
    }
    Request request = new Request(inputs.keySet(), training, true);
    try (Trace trace = session.trace(inputs, request, random(seed))) {
      Map<String, INDArray> weights = weights(graph, trace, seed);
      try (Gradients gradients = trace.backward(weights)) {
        Map<String, INDArray> found = new LinkedHashMap<>();
        for (String name : variables.keySet()) {
          found.put(
              name,
              inputs.containsKey(name)
                  ? gradients.get(name)
                  : parameter(gradients, name, variables.get(name)));
        }
        return checker.check(() -> loss(session, inputs, weights, seed), variables, found);
      }
    }
  }

  /** A parameter that no result depends on has no gradient: it is 0. */
  private static INDArray parameter(Gradients gradients, String name, INDArray of) {
    return gradients.parameterNames().contains(name)
        ? gradients.parameter(name)
        : Nd4j.zeros(of.dataType(), of.shape());
  }

  private static Set<String> learned(Graph graph) {
    Set<String> names = new LinkedHashSet<>();
    for (Node node : graph.nodes()) {
      for (Param parameter : node.op().parameters()) {
        if (parameter.learned()) {
          names.add(node.parameter(parameter.name()));
        }
      }
    }
    return names;
  }

  private double loss(
      Session<?> session, Map<String, INDArray> inputs, Map<String, INDArray> weights, long seed) {
    Request request = new Request(Set.of(), training, false);
    try (Trace trace = session.trace(inputs, request, random(seed))) {
      double loss = 0;
      for (Map.Entry<String, INDArray> entry : weights.entrySet()) {
        double[] y = HostCopy.doubles(trace.output(entry.getKey()));
        double[] w = HostCopy.doubles(entry.getValue());
        for (int i = 0; i < y.length; i++) {
          loss += y[i] * w[i];
        }
      }
      return loss;
    }
  }

  private @Nullable SplittableRandom random(long seed) {
    return training ? new SplittableRandom(seed) : null;
  }

  private static Map<String, INDArray> weights(Graph graph, Trace trace, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, INDArray> weights = new HashMap<>();
    for (String name : graph.outputs().keySet()) {
      INDArray y = trace.output(name);
      double[] values = random.doubles(y.length(), -1, 1).toArray();
      weights.put(name, HostCopy.array(values, DataType.DOUBLE, y.shape()));
    }
    return weights;
  }
}
