package io.camjar.weights.onnx.graph;

import static io.camjar.weights.onnx.SmallModel.integers;
import static io.camjar.weights.onnx.SmallModel.node;
import static io.camjar.weights.onnx.SmallModel.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.Node;
import io.camjar.engine.model.InputSize;
import io.camjar.engine.op.Parameter;
import io.camjar.engine.op.Shape;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.OnnxAttribute;
import io.camjar.weights.onnx.OnnxGraph;
import io.camjar.weights.onnx.OnnxModel;
import io.camjar.weights.onnx.OnnxNode;
import io.camjar.weights.onnx.OnnxValue;
import io.camjar.weights.onnx.SmallModel;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Embeddings of positions, and constants that an exporter repeated for the images of its batch.
 * What networks with them compute is compared with PyTorch in {@link OnnxNetworkTests}.
 */
class EmbeddingTests {

  /**
   * Tokens of patches of 4x4 pixels, 49 of a square image or 54 of one with a side that is given.
   */
  @ParameterizedTest
  @CsvSource({
    "h, w, '1, 49, 6', 28, 28",
    "h, w, '49, 6', 28, 28",
    "h, w, '1, 51, 6', 28, 28",
    "12, w, '1, 54, 6', 12, 72",
    "h, 24, '1, 54, 6', 36, 24"
  })
  void anEmbeddingBindsOpenSidesToItsSize(
      String height, String width, String shape, int rows, int columns) {
    long[] sides = Stream.of(shape.split(", ")).mapToLong(Long::parseLong).toArray();
    boolean withOthers = shape.contains("51");
    SmallModel model =
        patches()
            .weights(
                integers("rows", 0, 6, -1), tensor("classes", 1, 2, 6), tensor("positions", sides))
            .node("Reshape", "flat", "patches", "rows")
            .nodes(with("Transpose", "patch tokens", "perm", List.of(0L, 2L, 1L), "flat"))
            .nodes(
                withOthers
                    ? with("Concat", "tokens", "axis", 1, "classes", "patch tokens")
                    : node("Identity", List.of("patch tokens"), List.of("tokens")))
            .node("Add", "placed", "tokens", "positions")
            .nodes(with("ReduceMean", "means", "axes", List.of(1L), "placed"))
            .node("Flatten", "features", "means");
    assertThat(network(model, "n", height, width).architecture().inputSize())
        .isEqualTo(InputSize.only(rows, columns));
  }

  @Test
  void anEmbeddingOfMapsBindsOpenSidesToItsSize() {
    SmallModel model = patches().weights(tensor("positions", 1, 6, 7, 9));
    assertThat(network(added(model, "positions"), "n", "h", "w").architecture().inputSize())
        .isEqualTo(InputSize.only(28, 36));
  }

  @Test
  void numbersThatAreTheSameForTheImagesOfABatchAreThoseOfAnyImage() {
    SmallModel model =
        patches()
            .weights(tensor("row", 1, 6, 1, 1))
            .nodes(with("Concat", "rows", "axis", 0, "row", "row"));
    Graph graph = network(added(model, "rows"), "2", "8", "8").architecture().graph();
    assertThat(graph.nodes().stream().map(Node::op))
        .contains(new Parameter(Shape.of(1, 6, 1, 1), true));
  }

  @Test
  void numbersThatDifferAmongTheImagesOfABatchAreRefused() {
    SmallModel model = added(patches().weights(tensor("noise", 2, 6, 1, 1)), "noise");
    assertThatThrownBy(() -> network(model, "2", "8", "8"))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining(
            "'maps' (Add), which has other numbers for each of the 2 images that the model takes");
  }

  private static SmallModel patches() {
    return new SmallModel()
        .weights(tensor("kernel", 6, 3, 4, 4))
        .nodes(with("Conv", "patches", "strides", List.of(4L, 4L), "x", "kernel"));
  }

  private static SmallModel added(SmallModel model, String constant) {
    return model
        .node("Add", "maps", "patches", constant)
        .node("GlobalAveragePool", "means", "maps")
        .node("Flatten", "features", "means");
  }

  /** Scores of a model's {@code features}, of images of these sides. */
  private static OnnxNetwork network(SmallModel model, String batch, String height, String width) {
    OnnxGraph graph = model.classifier("scores", "features", 6, 2).output("scores", 2).graph();
    OnnxValue images = new OnnxValue("x", "float32", List.of(batch, "3", height, width));
    OnnxGraph sized =
        new OnnxGraph("net", graph.nodes(), graph.initializers(), List.of(images), graph.outputs());
    return OnnxNetwork.of(new OnnxModel(8, "", "", Map.of("", 17L), Map.of(), sized));
  }

  private static OnnxNode with(
      String operation, String name, String attribute, Object value, String... inputs) {
    OnnxAttribute given =
        value instanceof Integer number
            ? new OnnxAttribute.Int(number)
            : new OnnxAttribute.Ints(((List<?>) value).stream().map(Long.class::cast).toList());
    return new OnnxNode(
        name, operation, "", List.of(inputs), List.of(name), Map.of(attribute, given));
  }
}
