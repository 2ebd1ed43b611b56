package io.camjar.weights.onnx.graph.node;

import io.camjar.weights.onnx.OnnxNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

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

  private Operators() {}

  /** The translator of a node; empty for operators of other domains and for those camjar lacks. */
  public static Optional<Translator> of(OnnxNode node) {
    boolean standard = node.domain().isEmpty() || node.domain().equals("ai.onnx");
    return standard ? Optional.ofNullable(ALL.get(node.operation())) : Optional.empty();
  }

  /** The names of all operators. */
  static Set<String> names() {
    return new TreeSet<>(ALL.keySet());
  }
}
