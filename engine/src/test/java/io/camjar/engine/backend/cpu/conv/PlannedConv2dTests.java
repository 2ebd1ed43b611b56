package io.camjar.engine.backend.cpu.conv;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.kernel.Nd4jKernels;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.model.SyntheticInput;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A single planned convolution computes what the kernels compute. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class PlannedConv2dTests {

  @ParameterizedTest(name = "{0} to {1}, {2}x{2} stride {3}, side {4}: {5}")
  @CsvSource({
    "3, 17, 7, 2, 33, direct",
    "3, 17, 3, 1, 9, direct",
    "33, 17, 1, 1, 9, direct",
    "17, 33, 3, 2, 12, direct",
    "33, 17, 3, 1, 3, direct",
    "17, 33, 3, 1, 7, winograd2",
    "33, 17, 3, 1, 19, winograd4",
    "140, 270, 3, 1, 20, winograd4"
  })
  void agreesWithTheKernels(
      int inputs, int outputs, int kernel, int stride, int side, String algorithm) {
    Conv2dGeometry g = Conv2dGeometry.square(inputs, outputs, kernel, stride, kernel / 2);
    Kernels kernels = new Nd4jKernels();
    INDArray x = SyntheticInput.images("x", 1, inputs, side, side);
    INDArray weight = SyntheticInput.images("weight", outputs, inputs, kernel, kernel);
    INDArray dy = SyntheticInput.images("dy", 1, outputs, g.outH(side), g.outW(side));
    PlannedConv2d forward = PlannedConv2d.forward(g, x, weight);
    assertThat(forward.algorithm()).isEqualTo(algorithm);
    assertAgree(forward, kernels.conv2d(g, x, weight, null));
    assertAgree(
        PlannedConv2d.backwardInput(g, dy, weight, side, side),
        kernels.conv2dBackwardInput(g, dy, weight, side, side));
    assertAgree(PlannedConv2d.backwardWeight(g, dy, x), kernels.conv2dBackwardWeight(g, dy, x));
  }

  /** Each thread walks all weights for its tiles, and 32 registers transform them as they come. */
  @Test
  void someHundredThousandWeightsAreReadByRowsForMapsOfFewTiles() {
    String few = Lanes.hasManyRegisters() ? "winograd4rows" : "winograd4";
    assertThat(algorithm(130, 140, 28)).isEqualTo(few);
    assertThat(algorithm(130, 140, 32)).isEqualTo("winograd4");
    assertThat(algorithm(260, 140, 28)).isEqualTo("winograd4");
    assertThat(algorithm(64, 64, 28)).isEqualTo("winograd4");
  }

  /** 32 registers transform them by a quarter of the products that a direct sum needs. */
  @Test
  void whereMemoryIsLowManyWeightsAreTransformedByTheProducts() {
    System.setProperty("camjar.memory", "low");
    try {
      String many = Lanes.hasManyRegisters() ? "winograd4taps" : "direct";
      assertThat(algorithm(260, 140, 28)).isEqualTo(many);
      assertThat(algorithm(260, 250, 12)).isEqualTo(many);
      assertThat(algorithm(64, 64, 28)).isEqualTo("winograd4");
      assertThat(algorithm(512, 512, 3)).isEqualTo("direct");
    } finally {
      System.clearProperty("camjar.memory");
    }
  }

  private static String algorithm(int inputs, int outputs, int side) {
    Conv2dGeometry g = Conv2dGeometry.square(inputs, outputs, 3, 1, 1);
    INDArray x = SyntheticInput.images("x", 1, inputs, side, side);
    return PlannedConv2d.forward(g, x, SyntheticInput.images("weight", outputs, inputs, 3, 3))
        .algorithm();
  }

  private static void assertAgree(PlannedConv2d planned, INDArray expected) {
    planned.run();
    planned.run(); // Nothing may be left of the first.
    INDArray found = planned.result();
    assertThat(found.shape()).isEqualTo(expected.shape());
    float largest = expected.amaxNumber().floatValue();
    assertThat(HostCopy.floats(found))
        .containsExactly(HostCopy.floats(expected), Offset.offset(2e-5f * largest));
  }
}
