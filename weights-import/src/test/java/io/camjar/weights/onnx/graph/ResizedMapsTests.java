package io.camjar.weights.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.weights.onnx.OnnxAttribute;
import io.camjar.weights.onnx.OnnxGraph;
import io.camjar.weights.onnx.OnnxModel;
import io.camjar.weights.onnx.OnnxNode;
import io.camjar.weights.onnx.OnnxValue;
import io.camjar.weights.onnx.SmallModel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Maps that are resized in a model whose images have any size. */
class ResizedMapsTests {

  /** 224 becomes 112 and 56, of which 112 is twice as much; 225 becomes 113 and 57. */
  @Test
  void theSizeOfAnotherMapHalvedWithRoundingBindsTheNetworkToOneSize() {
    SmallModel model =
        halvedTwice()
            .weights(
                SmallModel.integers("zero", 0),
                SmallModel.integers("two", 2),
                SmallModel.integers("four", 4))
            .node("Shape", "wanted", "first")
            .node("Slice", "rows-columns", "wanted", "two", "four")
            .node("Shape", "own", "second")
            .node("Slice", "batch-channels", "own", "zero", "two")
            .nodes(
                node(
                    "Concat",
                    "sizes",
                    List.of("batch-channels", "rows-columns"),
                    Map.of("axis", new OnnxAttribute.Int(0))));
    assertThat(isBound(model)).isTrue();
  }

  @Test
  void twiceTheMapsOwnSizeIsTwiceAtAnySize() {
    SmallModel model =
        halvedTwice()
            .weights(SmallModel.integers("factors", 1, 1, 2, 2))
            .node("Shape", "own", "second")
            .node("Mul", "sizes", "own", "factors");
    assertThat(isBound(model)).isFalse();
  }

  /** Two 3x3 convolutions of stride 2. */
  private static SmallModel halvedTwice() {
    Map<String, OnnxAttribute> attributes =
        Map.of(
            "pads", new OnnxAttribute.Ints(List.of(1L, 1L, 1L, 1L)),
            "strides", new OnnxAttribute.Ints(List.of(2L, 2L)));
    return new SmallModel()
        .weights(SmallModel.tensor("weight", 3, 3, 3, 3))
        .nodes(
            node("Conv", "first", List.of("x", "weight"), attributes),
            node("Conv", "second", List.of("first", "weight"), attributes));
  }

  private static OnnxNode node(
      String operation, String name, List<String> inputs, Map<String, OnnxAttribute> attributes) {
    return new OnnxNode(name, operation, "", inputs, List.of(name), attributes);
  }

  /** Whether the model, which resizes to {@code sizes}, is read for one size of images alone. */
  private static boolean isBound(SmallModel model) {
    OnnxGraph graph =
        model
            .node("Resize", "resized", "second", "", "", "sizes")
            .classifier("scores", "resized", 3, 5)
            .output("scores", 5)
            .graph();
    OnnxValue images = new OnnxValue("x", "float32", List.of("n", "3", "h", "w"));
    OnnxGraph open =
        new OnnxGraph("net", graph.nodes(), graph.initializers(), List.of(images), graph.outputs());
    return OnnxNetwork.of(new OnnxModel(8, "", "", Map.of("", 17L), Map.of(), open))
        .architecture()
        .inputSize()
        .fixed();
  }
}
