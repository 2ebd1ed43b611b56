package io.camjar.engine.model;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.nn.Layer;
import io.camjar.engine.nn.Sequential;
import io.camjar.engine.trace.Demand;
import io.camjar.engine.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The part of a network behind one of its points: what the scores would be, had the point another
 * output. Immutable and shared by all threads; the network owns the parameters.
 *
 * <p>Behind a point inside a residual block lies also what the shortcut carries around it, so such
 * a tail starts from the block's input; {@link #start} says which point that is.
 */
public final class Tail {
  private final String point;
  private final String start;
  private final Sequential rest;
  private final Function<INDArray, @Nullable CompiledPass> compiled;

  private Tail(
      String point,
      String start,
      List<Layer> rest,
      Function<INDArray, @Nullable CompiledPass> compiled) {
    this.compiled = compiled;
    this.point = point;
    this.start = start;
    this.rest = new Sequential("", rest);
  }

  /** The tail behind a point of a network whose layers hang from {@code root}. */
  static Tail of(Layer root, String point, Function<INDArray, @Nullable CompiledPass> compiled) {
    List<Layer> steps = new ArrayList<>();
    flatten(root, steps);
    String before = Points.INPUT;
    if (point.equals(before)) {
      return new Tail(point, point, steps, compiled);
    }
    for (int i = 0; i < steps.size(); i++) {
      Layer step = steps.get(i);
      if (step.path().equals(point) || endsWith(root, point, step)) {
        return new Tail(point, point, steps.subList(i + 1, steps.size()), compiled);
      }
      if (point.startsWith(step.path() + ".")) {
        return new Tail(point, before, steps.subList(i, steps.size()), compiled);
      }
      before = step.path();
    }
    throw new IllegalStateException(point + " is no part of the network");
  }

  /** The layers in a row: chains are taken apart, residual blocks are not. */
  private static void flatten(Layer layer, List<Layer> steps) {
    if (layer instanceof Sequential) {
      layer.children().forEach(child -> flatten(child, steps));
    } else {
      steps.add(layer);
    }
  }

  /** Whether the chain of this path, anywhere below {@code layer}, has {@code last} at its end. */
  private static boolean endsWith(Layer layer, String path, Layer last) {
    if (!(layer instanceof Sequential)) {
      return false;
    }
    if (layer.path().equals(path)) {
      List<Layer> steps = new ArrayList<>();
      flatten(layer, steps);
      return steps.get(steps.size() - 1) == last;
    }
    return layer.children().stream().anyMatch(child -> endsWith(child, path, last));
  }

  /** The point whose output it starts from: its own, or the input of the block around it. */
  public String start() {
    return start;
  }

  /**
   * The scores before softmax, {@code [N, classes]}; the caller closes them.
   *
   * @param input the output of {@link #start}, N of them, borrowed
   * @param activation what the point's output is to be, N of them, borrowed; the same as {@code
   *     input} where the tail starts from the point itself
   * @throws CamjarException if the shapes do not fit
   */
  public INDArray forward(INDArray input, INDArray activation) {
    CompiledPass pass = compiled.apply(activation);
    if (pass != null) {
      return pass.forward(
          start.equals(point)
              ? Map.of(point, activation)
              : Map.of(start, input, point, activation));
    }
    try (Trace trace = Trace.evaluating(Demand.nothing(), Kernels.active())) {
      trace.borrow(input);
      if (!start.equals(point)) {
        trace.replace(point, activation);
      }
      trace.finish(rest.forward(start.equals(point) ? activation : input, trace));
      return trace.logits().dup('c');
    }
  }
}
