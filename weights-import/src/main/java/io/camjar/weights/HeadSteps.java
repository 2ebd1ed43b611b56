package io.camjar.weights;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.Node;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.run.Trace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a row of layers behind a pool computes when not training, however it is written. */
final class HeadSteps {
  private HeadSteps() {}

  /**
   * The kinds of the linear layers, batch norms and ReLUs in front of the logits, in order. What
   * changes nothing is left out: dropouts, and ReLUs of what is positive already, which are pooled
   * features and another ReLU's results.
   */
  static List<String> of(Architecture architecture) {
    Graph graph = architecture.graph();
    List<Op> ops = new ArrayList<>();
    Node node = graph.nodes().get(graph.outputs().get(Trace.LOGITS));
    while (node.inputs().size() == 1 && belongs(node.op())) {
      ops.add(node.op());
      node = graph.nodes().get(node.inputs().get(0));
    }
    Collections.reverse(ops);
    List<String> steps = new ArrayList<>();
    boolean learned = false; // what comes next takes in what may be negative
    for (Op op : ops) {
      boolean learns = op instanceof Linear || op instanceof BatchNorm;
      if (learns || (learned && op instanceof ReLU)) {
        steps.add(op.kind());
        learned = learns;
      }
    }
    return steps;
  }

  private static boolean belongs(Op op) {
    return op instanceof Linear
        || op instanceof BatchNorm
        || op instanceof ReLU
        || op instanceof Flatten
        || op.isIdentity(false);
  }
}
