package io.camjar.engine.train;

import io.camjar.engine.graph.Layer;
import io.camjar.engine.graph.Node;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.op.Param;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Trace;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where the first value that is not a finite number is found.
 *
 * @param where what has it
 * @param path of the operation or parameter; empty for the images and the loss itself
 */
public record NonFinite(Where where, String path) {

  /** What may be the first to have such a value. */
  public enum Where {
    /** The images. */
    IMAGES("the images have values that are not finite"),
    /** A parameter that an operation reads. */
    PARAMETER("the parameter %s has values that are not finite"),
    /** The output of an operation whose inputs and parameters are finite. */
    OPERATION(
        "%s is the first operation whose output is not finite, though all that it reads is;"
            + " a smaller learning rate may keep it in range"),
    /** Nothing but the loss. */
    LOSS("the logits are finite, so look at the targets"),
    /** The gradient of a parameter. */
    GRADIENT(
        "on the way back, the gradient of %s is the first that is not finite;"
            + " a smaller learning rate may keep it in range");

    private final String text;

    Where(String text) {
      this.text = text;
    }
  }

  /** One clause that says it. */
  public String sentence() {
    return where.text.formatted(path);
  }

  /**
   * Looks for it in a training forward, operation by operation in their order.
   *
   * @param x the images
   * @param trained what the training asks for
   * @param random what dropout draws from
   */
  static NonFinite find(Network network, INDArray x, Request trained, SplittableRandom random) {
    if (!isFinite(x)) {
      return new NonFinite(Where.IMAGES, "");
    }
    Set<String> paths = new LinkedHashSet<>();
    for (Layer layer : network.graph().layers()) {
      if (layer.node()) {
        paths.add(layer.path());
      }
    }
    Request request = new Request(paths, true, false).withRunning(trained.running());
    try (Trace trace = network.traceTraining(x, request, random)) {
      for (Node node : network.graph().nodes()) {
        for (Param parameter : node.op().parameters()) {
          String name = node.parameter(parameter.name());
          if (parameter.learned() && !isFinite(network.parameters().get(name))) {
            return new NonFinite(Where.PARAMETER, name);
          }
        }
        if (paths.contains(node.path()) && !isFinite(trace.activation(node.path()))) {
          return new NonFinite(Where.OPERATION, node.path());
        }
      }
    }
    return new NonFinite(Where.LOSS, "");
  }

  private static boolean isFinite(INDArray array) {
    float sum = 0;
    for (float value : HostCopy.floats(array)) {
      sum += value * 0; // NaN as soon as one is not finite
    }
    return sum == 0;
  }
}
