package io.camjar.weights.onnx.graph;

import static io.camjar.weights.onnx.SmallModel.integers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.graph.Parameters;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.run.Trace;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.OnnxAttribute;
import io.camjar.weights.onnx.OnnxNode;
import io.camjar.weights.onnx.SmallModel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Integers that depend on the image may choose, be compared, move and become floats. What computes
 * with them is refused: the graph's floats do not divide, wrap around or take means as they do.
 */
class IntegersOfImagesTests {
  private static final int FLOAT = 1;
  private static final int UINT8 = 2;
  private static final int INT32 = 6;
  private static final int INT64 = 7;

  @Test
  void quotientsOfIntegersAreRefused() {
    refused(
        cast(masked(), "i", INT64, "mask")
            .node("Add", "sum", "i", "two")
            .node("Div", "y", "sum", "two"),
        "'sum' (Add)");
    refused(
        masked().node("Where", "w", "mask", "three", "five").node("Div", "y", "w", "two"),
        "'y' (Div)");
  }

  @Test
  void meansOfIntegersAreRefused() {
    OnnxAttribute axes = new OnnxAttribute.Ints(List.of(1L));
    SmallModel model = cast(masked(), "i", INT32, "mask");
    refused(
        model.nodes(
            new OnnxNode("y", "ReduceMean", "", List.of("i"), List.of("y"), Map.of("axes", axes))),
        "'y' (ReduceMean)");
  }

  @Test
  void powersOfIntegersAreRefused() {
    refused(cast(masked(), "i", INT64, "mask").node("Pow", "y", "i", "zero"), "'y' (Pow)");
  }

  @Test
  void differencesOfIntegersWithoutSignAreRefused() {
    refused(cast(masked(), "i", UINT8, "mask").node("Sub", "y", "i", "two"), "'y' (Sub)");
  }

  /** Moved, chosen among, and cast by the type of another value. */
  @Test
  void integersStayIntegersWhereTheyMove() {
    SmallModel moved = cast(masked(), "i", INT64, "mask").node("Transpose", "t", "i");
    refused(moved.node("Add", "y", "t", "two"), "'y' (Add)");
    SmallModel chosen = cast(masked(), "i", INT64, "mask").node("Where", "w", "mask", "i", "two");
    refused(chosen.node("Add", "y", "w", "two"), "'y' (Add)");
    SmallModel like = masked().node("CastLike", "i", "mask", "two");
    refused(like.node("Add", "y", "i", "two"), "'y' (Add)");
    refused(masked().node("CastLike", "y", "x", "two"), "'y' (CastLike)");
  }

  @Test
  void integersThatBecomeFloatsAreFloats() {
    SmallModel model = cast(masked(), "i", INT64, "mask");
    computes(cast(model, "y", FLOAT, "i"), 1, 0);
  }

  @Test
  void integersChooseAndAreCompared() {
    SmallModel model = masked().node("Where", "w", "mask", "three", "five");
    computes(model.node("Equal", "e", "w", "five").node("Where", "y", "e", "zero", "x"), 0.5f, 0);
    SmallModel floats = masked().node("Where", "w", "mask", "three", "five");
    computes(cast(floats, "f", FLOAT, "w").node("Add", "y", "f", "x"), 3.5f, 4.5f);
  }

  /** 2^24 + 1 and the largest of 64 bits are no floats; 2^24 and 2^40 are. */
  @Test
  void integersThatNoFloatIsEqualToAreRefused() {
    for (long inexact : new long[] {(1L << 24) + 1, -(1L << 24) - 1, Long.MAX_VALUE}) {
      SmallModel model =
          masked().weights(integers("large", inexact)).node("Where", "y", "mask", "large", "three");
      SmallModel whole = cast(model, "f", FLOAT, "y").classifier("scores", "f", 3, 2);
      assertThatThrownBy(whole.output("scores", 2)::network)
          .isInstanceOf(Malformed.class)
          .hasMessageContaining("has an integer at 'y.part0' that no float is equal to");
    }
    SmallModel exact =
        masked()
            .weights(integers("small", 1 << 24), integers("power", 1L << 40))
            .node("Where", "w", "mask", "small", "power");
    computes(cast(exact, "y", FLOAT, "w"), 1 << 24, 1L << 40);
  }

  /** {@code mask} is where the image is positive. */
  private static SmallModel masked() {
    return new SmallModel()
        .weights(SmallModel.tensor("none", 1, 1, 1, 1))
        .weights(integers("two", 2), integers("three", 3), integers("five", 5))
        .node("Sub", "zero", "none", "none")
        .node("Greater", "mask", "x", "zero");
  }

  private static SmallModel cast(SmallModel model, String name, int type, String input) {
    Map<String, OnnxAttribute> to = Map.of("to", new OnnxAttribute.Int(type));
    return model.nodes(new OnnxNode(name, "Cast", "", List.of(input), List.of(name), to));
  }

  private static void refused(SmallModel model, String node) {
    SmallModel whole = cast(model, "f", FLOAT, "y").classifier("scores", "f", 3, 2);
    assertThatThrownBy(whole.output("scores", 2)::network)
        .isInstanceOf(Malformed.class)
        .hasMessageContaining(node)
        .hasMessageMatching(".*(computes with integers that depend|into another type).*");
  }

  /** What {@code y} is of an image of 0.5 and of one of -0.5. */
  private static void computes(SmallModel model, float ofPositive, float ofNegative) {
    OnnxNetwork read = model.classifier("scores", "y", 3, 2).output("scores", 2).network();
    Map<String, INDArray> weights = new HashMap<>();
    read.parameters().entries().forEach(w -> weights.put(w.name(), w.toArray()));
    try (Network network = Network.of(read.architecture(), Parameters.of(weights));
        INDArray image = Nd4j.valueArrayOf(new long[] {2, 3, 8, 8}, 0.5f)) {
      for (int i = 192; i < 384; i++) {
        image.putScalar(i / 192, i / 64 % 3, i / 8 % 8, i % 8, -0.5f);
      }
      try (Trace trace = network.trace(image, List.of("scores.pool"))) {
        assertThat(HostCopy.floats(trace.activation("scores.pool")))
            .containsExactly(
                ofPositive, ofPositive, ofPositive, ofNegative, ofNegative, ofNegative);
      }
    }
  }
}
