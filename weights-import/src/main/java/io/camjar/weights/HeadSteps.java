package io.camjar.weights;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.Node;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Elementwise;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.LayerNorm;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.PReLU;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.op.SiLU;
import io.camjar.engine.run.Trace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a row of layers behind a pool computes when not training, however it is written. */
final class HeadSteps {
  private HeadSteps() {}

  /**
   * The linear layers, norms and activations in front of the logits, in order. What changes nothing
   * is left out: dropouts, and ReLUs of another ReLU's results and, in a ResNet, of pooled
   * features, which are positive already.
   */
  static List<String> of(Architecture architecture, boolean resnet) {
    Graph graph = architecture.graph();
    List<Node> nodes = new ArrayList<>();
    Node node = graph.nodes().get(graph.outputs().get(Trace.LOGITS));
    while (node.inputs().size() == 1 && belongs(node.op())) {
      nodes.add(node);
      node = graph.nodes().get(node.inputs().get(0));
    }
    Collections.reverse(nodes);
    List<String> steps = new ArrayList<>();
    boolean learned = !resnet; // what comes next may be negative
    for (Node each : nodes) {
      Op op = each.op();
      boolean rectifies = op instanceof ReLU;
      boolean computes = !rectifies && !(op instanceof Flatten) && !op.isIdentity(false);
      if (computes || (learned && rectifies)) {
        steps.add(step(each, resnet));
        learned = computes;
      }
    }
    return steps;
  }

  /**
   * A ResNet's batch norms have their eps in their weights, and its layers no other order than
   * their numbers'. Elsewhere a layer goes by its path too, since two of one kind may have changed
   * places.
   */
  private static String step(Node node, boolean resnet) {
    String step = step(node.op(), resnet);
    return resnet || node.op().parameters().isEmpty() ? step : node.path() + ": " + step;
  }

  private static String step(Op op, boolean resnet) {
    if (op instanceof BatchNorm norm) {
      return resnet ? op.kind() : op.kind() + " of eps " + (float) norm.eps();
    }
    return op instanceof Linear ? op.kind() : op.toString();
  }

  private static boolean belongs(Op op) {
    return op instanceof Linear
        || op instanceof BatchNorm
        || op instanceof LayerNorm
        || op instanceof ReLU
        || op instanceof PReLU
        || op instanceof SiLU
        || op instanceof Elementwise
        || op instanceof Flatten
        || op.isIdentity(false);
  }
}
