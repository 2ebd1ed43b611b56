package io.camjar.weights.onnx.graph.node;

import io.camjar.engine.op.Compare;
import io.camjar.engine.op.Compare.Relation;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Where;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.graph.node.Value.Traced;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Nodes that compare, and those that choose: single values by others, or what to compute. Where the
 * latter is known before an image is seen, the branch that is taken stands in the node's place;
 * what is left here cannot be run.
 */
final class ChoiceNodes {
  private ChoiceNodes() {}

  static final Map<String, Translator> TABLE = table();

  private static Map<String, Translator> table() {
    Map<String, Translator> all = new HashMap<>();
    for (Relation relation : Relation.values()) {
      // ONNX has the same names of relations.
      Op op = new Compare(relation);
      all.put(op.kind(), single(call -> ArithmeticNodes.pair(call, op)));
    }
    all.put("Where", single(ChoiceNodes::where));
    all.put("If", ChoiceNodes::branch);
    return all;
  }

  private static Translator single(Translator.Single translator) {
    return translator;
  }

  private static Value where(Call call) {
    return call.emit(new Where(), call.inputs(3).toArray(Traced[]::new));
  }

  private static List<Value> branch(Call call) {
    if (!call.isTraced(0) && call.known(0).at(0).elements() != 1) {
      throw Malformed.damaged(
          "node '%s' has no one number as its condition".formatted(call.node().label()));
    }
    throw call.refuse(
        call.isTraced(0)
            ? "chooses by the image's values what it computes"
            : "chooses by the size of the image or of the batch what it computes");
  }
}
