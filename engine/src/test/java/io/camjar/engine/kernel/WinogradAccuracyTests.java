package io.camjar.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.kernel.simd.winograd.Winograd;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What Winograd's method costs in accuracy, layer by layer of ResNet-34: rectified normal inputs,
 * He's weights, the largest error over the largest output.
 */
class WinogradAccuracyTests {

  @ParameterizedTest(name = "{0} channels, side {1}")
  @CsvSource({
    "64, 56, , 1e-6",
    "128, 28, , 1e-6",
    "256, 14, , 1e-6",
    "512, 7, , 1e-6",
    "64, 56, F2, 1e-6",
    "128, 28, F2, 1e-6",
    "256, 14, F2, 1e-6",
    "512, 7, F2, 1e-6",
    "64, 56, F3, 2e-6",
    "128, 28, F3, 2e-6",
    "256, 14, F3, 2e-6",
    "512, 7, F3, 2e-6",
    "64, 56, F4, 2.5e-6",
    "128, 28, F4, 2.5e-6",
    "256, 14, F4, 2.5e-6",
    "512, 7, F4, 2.5e-6",
    "64, 56, F4_ROWS, 3.5e-6",
    "128, 28, F4_ROWS, 3.5e-6",
    "256, 14, F4_ROWS, 3.5e-6",
    "512, 7, F4_ROWS, 3.5e-6",
    "64, 56, F4_TAPS, 3.5e-6",
    "128, 28, F4_TAPS, 3.5e-6",
    "256, 14, F4_TAPS, 3.5e-6",
    "512, 7, F4_TAPS, 3.5e-6"
  })
  void errorOfALayer(int channels, int side, @Nullable Winograd method, double bound) {
    // The reference loops take long: one image, and as many outputs as inputs only for the sums.
    Conv2dGeometry g = Conv2dGeometry.square(channels, 8, 3, 1, 1);
    SplittableRandom random = new SplittableRandom(1);
    double[] x = new double[channels * side * side];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) Math.max(0, random.nextGaussian());
    }
    double[] w = new double[8 * channels * 9];
    for (int i = 0; i < w.length; i++) {
      w[i] = (float) (random.nextGaussian() * Math.sqrt(2.0 / (9 * channels)));
    }
    double[] exact = run(new ReferenceKernels(), DataType.DOUBLE, g, x, w, side);
    Kernels kernels = method == null ? SimdWidths.kernels(512) : SimdWidths.kernels(512, method);
    double[] found = run(kernels, DataType.FLOAT, g, x, w, side);
    double largest = 0;
    double error = 0;
    for (int i = 0; i < exact.length; i++) {
      largest = Math.max(largest, Math.abs(exact[i]));
      error = Math.max(error, Math.abs(found[i] - exact[i]));
    }
    if (Boolean.getBoolean("camjar.parity.report")) {
      System.out.printf("%d channels, %s: %.1e%n", channels, method, error / largest);
    }
    assertThat(error / largest).isLessThan(bound);
  }

  private static double[] run(
      Kernels kernels, DataType type, Conv2dGeometry g, double[] x, double[] w, int side) {
    try (INDArray in = HostCopy.array(x, type, 1, g.inChannels(), side, side);
        INDArray weight = HostCopy.array(w, type, g.outChannels(), g.inChannels(), 3, 3);
        INDArray out = kernels.conv2d(g, in, weight, null)) {
      return HostCopy.doubles(out);
    }
  }

  static Stream<Arguments> geometries() {
    return Stream.of(512, 256, 128)
        .flatMap(
            bits ->
                Stream.of(Winograd.F3, Winograd.F4, Winograd.F4_ROWS, Winograd.F4_TAPS)
                    .map(method -> SimdWidths.kernels(bits, method))
                    .flatMap(
                        kernels ->
                            Stream.of(
                                Arguments.of(kernels, square(3, 17, 1), 3, 1, 1),
                                Arguments.of(kernels, square(5, 6, 1), 1, 4, 3),
                                Arguments.of(kernels, square(40, 6, 1), 1, 4, 18),
                                Arguments.of(kernels, square(17, 3, 0), 2, 7, 10),
                                Arguments.of(kernels, square(33, 70, 2), 1, 5, 43),
                                Arguments.of(kernels, square(64, 33, 1), 3, 30, 30))));
  }

  private static Conv2dGeometry square(int inputs, int outputs, int pad) {
    return Conv2dGeometry.square(inputs, outputs, 3, 1, pad);
  }

  /** Large tiles have a tolerance of their own; what else is computed so is in KernelsTests. */
  @ParameterizedTest
  @MethodSource("geometries")
  void largeTilesAgreeWithTheDefinition(Kernels kernels, Conv2dGeometry g, int n, int h, int w) {
    Kernels reference = new ReferenceKernels();
    INDArray x = random(1, n, g.inChannels(), h, w);
    INDArray dy = random(2, n, g.outChannels(), g.outH(h), g.outW(w));
    INDArray weight = random(3, g.outChannels(), g.inChannels(), 3, 3);
    INDArray bias = random(4, g.outChannels());
    assertClose(kernels.conv2d(g, x, weight, bias), reference.conv2d(g, x, weight, bias));
    assertClose(
        kernels.conv2dBackwardInput(g, dy, weight, h, w),
        reference.conv2dBackwardInput(g, dy, weight, h, w));
    assertClose(kernels.conv2dBackwardWeight(g, dy, x), reference.conv2dBackwardWeight(g, dy, x));
  }

  /**
   * Weights too many for short stripes: the first three are walked for long ranges of each thread's
   * share of the tiles; with more, the inputs are transformed in phases, the products in pieces.
   */
  @ParameterizedTest
  @CsvSource({
    "F2, 256, 260, 20, 1e-5",
    "F4, 192, 200, 40, 1e-5",
    "F4_ROWS, 256, 200, 36, 1e-5",
    "F2, 640, 288, 30, 1e-5",
    "F3, 512, 256, 20, 1e-5",
    "F4, 64, 1280, 60, 1e-5",
    "F4_ROWS, 64, 2560, 60, 1e-5",
    "F4_ROWS, 512, 512, 7, 2e-5",
    "F4_TAPS, 256, 200, 36, 1e-5",
    "F4_TAPS, 300, 260, 36, 1e-5",
    "F4_TAPS, 64, 1280, 60, 1e-5",
    "F4_TAPS, 512, 512, 7, 2e-5",
  })
  void manyWeightsAgreeWithADirectSum(
      Winograd method, int inputs, int outputs, int side, double bound) {
    Conv2dGeometry g = Conv2dGeometry.square(inputs, outputs, 3, 1, 1);
    try (INDArray x = random(1, 1, inputs, side, side);
        INDArray weight = random(2, outputs, inputs, 3, 3);
        INDArray found = SimdWidths.kernels(512, method).conv2d(g, x, weight, null);
        INDArray direct = SimdWidths.kernels(512).conv2d(g, x, weight, null)) {
      assertThat(error(found, direct)).isLessThan(bound);
    }
  }

  private static INDArray random(long seed, long... shape) {
    long length = 1;
    for (long side : shape) {
      length *= side;
    }
    double[] values = new SplittableRandom(seed).doubles(length, -1, 1).toArray();
    return HostCopy.array(values, DataType.FLOAT, shape);
  }

  private static void assertClose(INDArray found, INDArray expected) {
    assertThat(error(found, expected)).isLessThan(1e-5);
  }

  /** The largest error over the largest value. */
  private static double error(INDArray found, INDArray expected) {
    double[] f = HostCopy.doubles(found);
    double[] e = HostCopy.doubles(expected);
    double largest = 0;
    double error = 0;
    for (int i = 0; i < e.length; i++) {
      largest = Math.max(largest, Math.abs(e[i]));
      error = Math.max(error, Math.abs(f[i] - e[i]));
    }
    return error / largest;
  }
}
