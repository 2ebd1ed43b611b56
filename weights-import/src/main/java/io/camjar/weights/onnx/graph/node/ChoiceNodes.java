package io.camjar.weights.onnx.graph.node;

import io.camjar.engine.op.Compare;
import io.camjar.engine.op.Compare.Relation;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Where;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.graph.node.Value.Traced;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Nodes that compare, and those that choose: single values by others, or what to compute. Where the
 * latter is known before an image is seen, the branch that is taken stands in the node's place;
 * what is left here cannot be run.
 */
final class ChoiceNodes {
  private ChoiceNodes() {}

  static final Map<String, Translator> TABLE =
      Map.ofEntries(
          relation(Relation.LESS),
          relation(Relation.LESS_OR_EQUAL),
          relation(Relation.GREATER),
          relation(Relation.GREATER_OR_EQUAL),
          relation(Relation.EQUAL),
          relation(Relation.AND),
          relation(Relation.OR),
          relation(Relation.XOR),
          Map.entry("Where", single(ChoiceNodes::where)),
          Map.entry("If", ChoiceNodes::branch));

  /** ONNX has the same names of relations. */
  private static Map.Entry<String, Translator> relation(Relation relation) {
    Op op = new Compare(relation);
    return Map.entry(op.kind(), single(call -> ArithmeticNodes.pair(call, op)));
  }

  private static Translator single(Translator.Single translator) {
    return translator;
  }

  private static Value where(Call call) {
    int computed = IntStream.range(0, 3).filter(call::isTraced).findFirst().orElse(0);
    Traced beside = call.traced(computed);
    Traced[] inputs =
        IntStream.range(0, 3)
            .mapToObj(i -> i == computed ? beside : call.beside(i, beside))
            .toArray(Traced[]::new);
    return call.emit(new Where(), inputs);
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
