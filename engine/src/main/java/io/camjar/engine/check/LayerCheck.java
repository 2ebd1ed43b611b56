package io.camjar.engine.check;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.nn.Layer;
import io.camjar.engine.trace.Demand;
import io.camjar.engine.trace.Gradients;
import io.camjar.engine.trace.Request;
import io.camjar.engine.trace.Trace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Checks a layer's backward to its input and to every parameter.
 *
 * <p>The loss is a fixed random weighting of the outputs, so that every output counts differently.
 * Points where the function has a kink (a ReLU's zero, a pool's tie) must be kept away from the
 * input, as no difference quotient is right there.
 */
public final class LayerCheck {
  private final GradientCheck checker;
  private final Kernels kernels;
  private final boolean training;

  /** A check on these kernels, in training or in evaluation mode. */
  public LayerCheck(GradientCheck checker, Kernels kernels, boolean training) {
    this.checker = checker;
    this.kernels = kernels;
    this.training = training;
  }

  /**
   * Checks a layer.
   *
   * @param layer its parameters must be double arrays
   * @param x a double input, moved in place and put back
   * @param seed of the weighting and of dropout
   */
  public GradientReport check(Layer layer, INDArray x, long seed) {
    Map<String, INDArray> variables = new LinkedHashMap<>();
    variables.put("input", x);
    layer.parameters().forEach(variables::put);
    layer.children().forEach(child -> collect(child, variables));
    // Running statistics move in training and are not learned in either mode.
    variables.keySet().removeIf(name -> name.contains(".running_"));

    try (Trace trace = forward(layer, x, true, seed);
        Gradients gradients = new Gradients()) {
      INDArray y = trace.logits();
      double[] weights = weights(Math.toIntExact(y.length()), seed);
      INDArray dy = HostCopy.array(weights, DataType.DOUBLE, y.shape());
      gradients.borrow(dy);
      INDArray dx = layer.backward(dy, trace, gradients);
      Map<String, INDArray> found = new LinkedHashMap<>();
      variables.keySet().forEach(name -> found.put(name, gradient(name, dx, gradients)));
      GradientReport report = checker.check(() -> loss(layer, x, weights, seed), variables, found);
      if (dx != null) {
        gradients.release(dx);
      }
      dy.close();
      return report;
    }
  }

  private static void collect(Layer layer, Map<String, INDArray> into) {
    layer.parameters().forEach(into::put);
    layer.children().forEach(child -> collect(child, into));
  }

  private static INDArray gradient(String name, @Nullable INDArray dx, Gradients gradients) {
    if (!name.equals("input")) {
      return gradients.parameter(name);
    }
    if (dx == null) {
      throw new IllegalStateException("the layer returned no gradient of its input");
    }
    return dx;
  }

  private double loss(Layer layer, INDArray x, double[] weights, long seed) {
    try (Trace trace = forward(layer, x, false, seed)) {
      double[] y = HostCopy.doubles(trace.logits());
      double loss = 0;
      for (int i = 0; i < y.length; i++) {
        loss += y[i] * weights[i];
      }
      return loss;
    }
  }

  private Trace forward(Layer layer, INDArray x, boolean gradients, long seed) {
    Request request = gradients ? Request.training() : Request.of(List.of());
    Demand.Builder demand = new Demand.Builder(request);
    layer.demand(gradients, demand);
    Trace trace =
        training
            ? Trace.training(demand.build(), kernels, new SplittableRandom(seed))
            : Trace.evaluating(demand.build(), kernels);
    trace.borrow(x);
    trace.finish(layer.forward(x, trace));
    return trace;
  }

  private static double[] weights(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return random.doubles(count, -1, 1).toArray();
  }
}
