package io.camjar.weights.onnx.constant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.OnnxAttribute;
import io.camjar.weights.onnx.OnnxNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Layers on constants: weights standardised by a batch norm, encodings of positions. */
class FoldedLayersTests {
  /** {@code [1, 2, 3]}: means 2 and 2, biased variances 2/3 and 8. */
  private static final Constant ROWS = Constant.ofFloats(new double[] {1, 2, 3, 0, 0, 6}, 1, 2, 3);

  private static Constant floats(double... values) {
    return Constant.ofFloats(values, values.length);
  }

  private static Optional<List<Constant>> fold(
      String operation, Map<String, OnnxAttribute> attributes, Constant... inputs) {
    OnnxNode node = new OnnxNode("n", operation, "", List.of(), List.of("y"), attributes);
    return new Folding(15).outputs(new Attributes(node), Arrays.asList(inputs));
  }

  private static double[] values(Optional<List<Constant>> outputs) {
    return outputs.orElseThrow().get(0).values();
  }

  @Test
  void aBatchNormTakesTheMomentsThatItIsGiven() {
    double[] y =
        values(
            fold(
                "BatchNormalization",
                Map.of("epsilon", new OnnxAttribute.Real(0)),
                ROWS,
                floats(1, 2),
                floats(0, 5),
                floats(1, 3),
                floats(4, 9)));

    assertThat(y).containsExactly(new double[] {0, 0.5, 1, 3, 3, 7}, within(1e-6));
  }

  /** As {@code F.batch_norm(rows, None, None, training=True, eps=0)} of PyTorch 1.13. */
  @Test
  void inTrainingItTakesThoseOfItsInput() {
    double[] y =
        values(
            fold(
                "BatchNormalization",
                Map.of(
                    "training_mode",
                    new OnnxAttribute.Int(1),
                    "epsilon",
                    new OnnxAttribute.Real(0)),
                ROWS,
                floats(1, 1),
                floats(0, 0),
                floats(9, 9),
                floats(9, 9)));

    assertThat(y)
        .containsExactly(
            new double[] {-1.2247449, 0, 1.2247449, -0.7071068, -0.7071068, 1.4142135},
            within(1e-6));
  }

  @Test
  void momentsOfAnotherNumberOfChannelsAreRefused() {
    Constant one = floats(1);

    assertThatThrownBy(() -> fold("BatchNormalization", Map.of(), ROWS, one, one, one, one))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("has 2 channels and an input of 1 values");
  }

  /** Two images of two channels, {@code [2, 2, 1, 3]}, to three channels. */
  @Test
  void aConvolutionOfOnePlaceIsAProduct() {
    Constant x = Constant.ofFloats(new double[] {1, 2, 3, 0, 0, 6, 1, 1, 1, 2, 2, 2}, 2, 2, 1, 3);
    Constant weight = Constant.ofFloats(new double[] {1, 0, 0, 1, 1, -1}, 3, 2, 1, 1);

    List<Constant> y = fold("Conv", Map.of(), x, weight, floats(10, 20, 30)).orElseThrow();

    assertThat(y.get(0).shape()).containsExactly(2, 3, 1, 3);
    assertThat(y.get(0).values())
        .containsExactly(11, 12, 13, 20, 20, 26, 31, 32, 27, 11, 11, 11, 22, 22, 22, 29, 29, 29);
  }

  @Test
  void otherConvolutionsAreNotComputed() {
    Constant x = Constant.ofFloats(new double[9], 1, 1, 3, 3);
    Constant place = Constant.ofFloats(new double[] {1}, 1, 1, 1, 1);
    OnnxAttribute twos = new OnnxAttribute.Ints(List.of(2L, 2L));

    assertThat(fold("Conv", Map.of(), x, Constant.ofFloats(new double[9], 1, 1, 3, 3))).isEmpty();
    assertThat(fold("Conv", Map.of("strides", twos), x, place)).isEmpty();
    assertThatThrownBy(
            () -> fold("Conv", Map.of(), x, Constant.ofFloats(new double[2], 1, 2, 1, 1)))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("reads 2 channels of 1");
  }
}
