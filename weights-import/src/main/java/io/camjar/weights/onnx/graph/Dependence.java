package io.camjar.weights.onnx.graph;

import io.camjar.engine.graph.Graph;
import java.util.BitSet;

/** Which values of a graph depend on which. */
final class Dependence {
  private Dependence() {}

  /** A value and all that it is computed from. */
  static BitSet origins(Graph graph, int value) {
    BitSet found = new BitSet();
    found.set(value);
    for (int i = value; i >= 0; i--) {
      if (found.get(i)) {
        graph.nodes().get(i).inputs().forEach(found::set);
      }
    }
    return found;
  }

  /** A value and all that is computed from it. */
  static BitSet dependents(Graph graph, int value) {
    BitSet found = new BitSet();
    found.set(value);
    for (int i = value + 1; i < graph.nodes().size(); i++) {
      if (graph.nodes().get(i).inputs().stream().anyMatch(found::get)) {
        found.set(i);
      }
    }
    return found;
  }
}
