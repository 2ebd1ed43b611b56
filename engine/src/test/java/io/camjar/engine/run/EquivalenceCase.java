package io.camjar.engine.run;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Shape;
import java.util.Set;
import java.util.TreeSet;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A graph with one input {@code x}, which backends are compared on.
 *
 * @param name says what is odd about it
 * @param shape of the input, {@code [N, C, H, W]} or one that such an image is reshaped to
 */
record EquivalenceCase(String name, Graph graph, long... shape) {

  /** Adds operations behind the input and returns the last value. */
  interface Body {
    int build(GraphBuilder graph, int x);
  }

  static EquivalenceCase of(String name, Op op, long... shape) {
    return of(name, (graph, x) -> graph.op("layer", op, x), shape);
  }

  static EquivalenceCase of(String name, Body body, long... shape) {
    GraphBuilder graph = new GraphBuilder();
    graph.output(Trace.LOGITS, body.build(graph, graph.input("x")));
    return new EquivalenceCase(name, graph.build(), shape);
  }

  /** The input and every layer. */
  Set<String> points() {
    Set<String> points = new TreeSet<>(Set.of("x"));
    graph.layers().forEach(layer -> points.add(layer.path()));
    return points;
  }

  /** The input, the same each time; the caller closes it. */
  INDArray input() {
    int length = (int) Shape.of(shape).length();
    return shape.length == 4
        ? SyntheticInput.images("x", (int) shape[0], (int) shape[1], (int) shape[2], (int) shape[3])
        : SyntheticInput.images("x", 1, 1, 1, length).reshape('c', shape).dup('c');
  }

  @Override
  public String toString() {
    return name;
  }
}
