package io.camjar.weights.onnx.graph.node;

import io.camjar.engine.op.Compare;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.OnnxNode;
import io.camjar.weights.onnx.constant.Folding;
import io.camjar.weights.onnx.graph.node.Value.Traced;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** ONNX's operators that camjar runs, a table a family. */
public final class Operators {
  private static final Map<String, Translator> ALL = new HashMap<>();

  static {
    List.of(
            ConvNodes.TABLE,
            PoolNodes.TABLE,
            ActivationNodes.TABLE,
            ArithmeticNodes.TABLE,
            ReductionNodes.TABLE,
            MatrixNodes.TABLE,
            NormNodes.TABLE,
            ResizeNodes.TABLE,
            PartNodes.TABLE,
            PlaceNodes.TABLE,
            PixelNodes.TABLE,
            ChoiceNodes.TABLE)
        .forEach(ALL::putAll);
  }

  /** Operators that read integers as they read floats of the same values. */
  private static final Set<String> READ_INTEGERS =
      Stream.concat(
              Stream.of("Cast", "CastLike", "Where", "Not"),
              Stream.of(Compare.Relation.values()).map(relation -> new Compare(relation).kind()))
          .collect(Collectors.toSet());

  private Operators() {}

  /** The translator of a node; empty for operators of other domains and for those camjar lacks. */
  public static Optional<Translator> of(OnnxNode node) {
    boolean standard = node.domain().isEmpty() || node.domain().equals("ai.onnx");
    return standard ? Optional.ofNullable(ALL.get(node.operation())) : Optional.empty();
  }

  /**
   * Translates a node. Integers that depend on the image are floats in the graph, which do not
   * divide, wrap around or take means as integers do: no operator may compute with them.
   *
   * @throws Malformed if the node cannot be run
   */
  public static List<Value> translate(Translator translator, Call call) {
    String operation = call.node().operation();
    boolean moves = Folding.moves(operation) || operation.equals("Expand");
    boolean integers = false;
    for (int i = 0; i < call.arity(); i++) {
      integers |= call.has(i) && call.input(i) instanceof Traced x && x.integers();
    }
    if (integers && !moves && !READ_INTEGERS.contains(operation)) {
      throw call.refuse("computes with integers that depend on the image");
    }
    List<Value> outputs = translator.translate(call);
    boolean given =
        switch (operation) {
          case "Cast" -> isInteger(call.attributes().integer("to", 1));
          case "CastLike" -> call.isOfIntegers(1);
          case "Where" -> call.isOfIntegers(1) || call.isOfIntegers(2);
          default -> integers && moves;
        };
    return outputs.stream()
        .map(output -> output instanceof Traced traced ? traced.as(given) : output)
        .toList();
  }

  private static boolean isInteger(long type) {
    return !Folding.isFloating(type) && type != PlaceNodes.TRUTH;
  }

  /** The names of all operators. */
  static Set<String> names() {
    return new TreeSet<>(ALL.keySet());
  }
}
