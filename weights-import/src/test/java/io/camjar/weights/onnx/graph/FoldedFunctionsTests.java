package io.camjar.weights.onnx.graph;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.OnnxAttribute;
import io.camjar.weights.onnx.OnnxNode;
import io.camjar.weights.onnx.SmallModel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What camjar refuses to compute of features it does not compute of constants either. */
class FoldedFunctionsTests {

  /** ONNX Runtime gives no numbers. */
  @ParameterizedTest
  @ValueSource(strings = {"x", "constant"})
  void aCeluThatDividesByZeroIsRefused(String input) {
    Map<String, OnnxAttribute> alpha = Map.of("alpha", new OnnxAttribute.Real(0));
    SmallModel model =
        new SmallModel()
            .weights(SmallModel.tensor("constant", 3, 1, 1))
            .nodes(new OnnxNode("celu", "Celu", "", List.of(input), List.of("celu"), alpha))
            .node("Add", "y", "x", "celu")
            .classifier("scores", "y", 3, 2)
            .output("scores", 2);
    assertThatThrownBy(model::network)
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("'celu' (Celu), which divides by its alpha, 0");
  }
}
