package io.camjar.weights.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.SmallModel;
import io.camjar.weights.onnx.constant.Folding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights of norms in shapes and numbers of their own. */
class NormWeightsTests {

  /** Maps of three groups, laid out as three rows, with none, two or four weights. */
  @ParameterizedTest
  @ValueSource(longs = {0, 2, 4})
  void aGroupNormsRowsHaveAWeightEach(long weights) {
    SmallModel model =
        new SmallModel()
            .conv("conv", "x")
            .weights(
                SmallModel.integers("rows", 0, 3, -1),
                SmallModel.integers("maps", 0, 3, 8, 8),
                SmallModel.tensor("scale", weights),
                SmallModel.tensor("shift", weights))
            .node("Reshape", "laid-out", "conv", "rows")
            .node("InstanceNormalization", "norm", "laid-out", "scale", "shift")
            .node("Reshape", "back", "norm", "maps")
            .classifier("scores", "back", 3, 5)
            .output("scores", 5);
    assertThatThrownBy(() -> model.network().architecture().graph())
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("weight");
  }

  @Test
  void aLayerNormsWeightMayHaveOnesInFront() {
    SmallModel model =
        new SmallModel()
            .conv("conv", "x")
            .weights(SmallModel.tensor("scale", 1, 1, 1), SmallModel.tensor("shift", 1, 1, 1, 8))
            .node("LayerNormalization", "norm", "conv", "scale", "shift")
            .classifier("scores", "norm", 3, 5)
            .output("scores", 5);
    assertThat(model.network().parameters().find("norm.weight").orElseThrow().elements())
        .isEqualTo(8);
  }

  /** Each of many norms may ask for more than the file holds. */
  @Test
  void whatIsMadeOfConstantsIsBounded() {
    Folding folding = new Folding(17);
    folding.make(1000);
    assertThatThrownBy(() -> folding.make(1L << 26))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("computes more than");
  }
}
