package io.camjar.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.kernel.simd.BlockedKernels;
import io.camjar.engine.kernel.simd.winograd.Winograd;
import io.camjar.engine.kernel.simd.winograd.WinogradConv2d;
import io.camjar.engine.threads.Threads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.same.Round;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Every implementation of {@link Kernels} gives what the reference loops give, on awkward shapes.
 *
 * <p>A new implementation joins by a line in {@link #candidates()}, a new shape by a line in {@link
 * #convolutions()}.
 */
class KernelsTests {
  private static final Kernels REFERENCE = new ReferenceKernels();

  /** What the loops say, by what was asked: candidates share it, since loops are slow. */
  private static final Map<List<Object>, INDArray> EXPECTED = new ConcurrentHashMap<>();

  private static final Kernels ND4J = new Nd4jKernels();

  private static final List<Kernels> VECTORS =
      List.of(SimdWidths.kernels(512), SimdWidths.kernels(256), SimdWidths.kernels(128));

  private static final List<Kernels> WINOGRAD =
      Stream.of(512, 256, 128).map(bits -> SimdWidths.kernels(bits, Winograd.F2)).toList();

  static List<Kernels> candidates() {
    return Stream.of(List.of(ND4J), VECTORS, WINOGRAD).flatMap(List::stream).toList();
  }

  /** Within a tolerance of their own, in WinogradAccuracyTests. */
  static Stream<Kernels> largeTiles() {
    return Stream.of(Winograd.F3, Winograd.F4, Winograd.F4_ROWS, Winograd.F4_TAPS)
        .flatMap(m -> Stream.of(512, 256, 128).map(bits -> SimdWidths.kernels(bits, m)));
  }

  private record Case(Conv2dGeometry geometry, int batch, int height, int width) {}

  private static List<Case> convolutions() {
    return List.of(
        new Case(Conv2dGeometry.square(1, 1, 1, 1, 0), 1, 1, 1),
        new Case(Conv2dGeometry.square(3, 17, 3, 1, 1), 1, 1, 1),
        new Case(Conv2dGeometry.square(3, 64, 7, 2, 3), 1, 33, 31),
        new Case(Conv2dGeometry.square(17, 3, 3, 1, 1), 3, 7, 9),
        new Case(Conv2dGeometry.square(17, 17, 3, 2, 1), 2, 9, 8),
        new Case(Conv2dGeometry.square(64, 32, 1, 1, 0), 3, 5, 5),
        new Case(Conv2dGeometry.square(16, 64, 1, 2, 0), 2, 7, 6),
        new Case(Conv2dGeometry.square(64, 64, 3, 1, 1), 1, 14, 14),
        new Case(Conv2dGeometry.square(1, 3, 3, 2, 1), 3, 1, 1),
        new Case(Conv2dGeometry.square(33, 70, 3, 1, 1), 2, 3, 43),
        new Case(Conv2dGeometry.square(17, 33, 3, 3, 1), 1, 11, 29),
        new Case(Conv2dGeometry.square(33, 17, 3, 1, 1), 2, 2, 7),
        new Case(Conv2dGeometry.square(17, 33, 3, 2, 1), 1, 4, 13),
        new Case(Conv2dGeometry.square(17, 5, 3, 1, 0), 2, 5, 8),
        new Case(Conv2dGeometry.square(3, 33, 3, 1, 2), 3, 4, 1),
        new Case(Conv2dGeometry.square(16, 16, 3, 1, 1), 2, 4, 9),
        new Case(Conv2dGeometry.square(7, 16, 3, 2, 1), 1, 9, 31),
        new Case(Conv2dGeometry.square(300, 48, 1, 1, 0), 1, 2, 16),
        new Case(Conv2dGeometry.square(300, 64, 1, 1, 0), 1, 5, 7),
        new Case(Conv2dGeometry.square(33, 64, 3, 1, 1), 1, 4, 7),
        new Case(Conv2dGeometry.square(33, 64, 5, 1, 2), 1, 4, 7),
        new Case(new Conv2dGeometry(33, 64, 3, 4, 1, 1, 1, 2, 1, 1), 1, 4, 7),
        new Case(new Conv2dGeometry(33, 64, 3, 4, 1, 1, 1, 2, 1, 1), 1, 4, 6),
        new Case(new Conv2dGeometry(16, 64, 3, 7, 1, 2, 1, 3, 1, 1), 1, 4, 14),
        new Case(new Conv2dGeometry(8, 16, 5, 4, 1, 2, 1, 2, 1, 2), 1, 7, 16),
        new Case(new Conv2dGeometry(4, 8, 3, 7, 1, 2, 1, 3, 1, 1), 1, 4, 14),
        new Case(Conv2dGeometry.square(33, 3, 3, 1, 1), 1, 97, 61),
        new Case(new Conv2dGeometry(5, 6, 3, 3, 1, 1, 2, 2, 2, 2), 2, 9, 7),
        new Case(new Conv2dGeometry(17, 64, 3, 3, 2, 2, 2, 2, 2, 2), 3, 13, 17),
        new Case(new Conv2dGeometry(5, 6, 3, 2, 2, 1, 1, 0, 1, 2), 2, 9, 7),
        new Case(new Conv2dGeometry(2, 3, 1, 5, 1, 2, 0, 2, 1, 1), 1, 4, 11));
  }

  /** The vector kernels leave double precision to ND4J; one of them shows that they do. */
  static Stream<Arguments> cases() {
    return convolutions().stream()
        .flatMap(
            c ->
                Stream.concat(
                    Stream.of(ND4J, VECTORS.get(0))
                        .flatMap(
                            kernels ->
                                Stream.of(DataType.FLOAT, DataType.DOUBLE)
                                    .map(type -> Arguments.of(kernels, c, type))),
                    VECTORS.stream()
                        .skip(1)
                        .map(kernels -> Arguments.of(kernels, c, DataType.FLOAT))));
  }

  /** The same and, where it applies, Winograd's method; it knows no gradient of weights. */
  static Stream<Arguments> casesOfBothMethods() {
    return Stream.concat(
        cases(),
        convolutions().stream()
            .filter(c -> WinogradConv2d.supports(c.geometry))
            .flatMap(
                c -> WINOGRAD.stream().map(kernels -> Arguments.of(kernels, c, DataType.FLOAT))));
  }

  @Test
  void theVectorKernelsRunAtTheWidthThatIsForced() {
    assertThat(SimdWidths.lanes(512)).isEqualTo(16);
    assertThat(SimdWidths.lanes(256)).isEqualTo(8);
    assertThat(SimdWidths.lanes(128)).isEqualTo(4);
  }

  /** ND4J's BLAS shares out its products by the number of threads and rounds otherwise then. */
  static Stream<Kernels> vectors() {
    return Stream.concat(VECTORS.stream(), WINOGRAD.stream());
  }

  @ParameterizedTest
  @MethodSource({"vectors", "largeTiles"})
  void givesTheSameBitsFromAnyNumberOfThreads(Kernels kernels) {
    Conv2dGeometry g = Conv2dGeometry.square(33, 70, 3, 1, 1);
    INDArray x = random(DataType.FLOAT, 1, 3, 33, 9, 31);
    INDArray w = weight(DataType.FLOAT, g);
    INDArray dy = random(DataType.FLOAT, 4, 3, 70, 9, 31);
    int before = Threads.shared().count();
    List<List<float[]>> results = new ArrayList<>();
    try {
      for (int threads : new int[] {1, 2, 3, 7}) {
        Threads.setCount(threads);
        results.add(
            List.of(
                HostCopy.floats(kernels.conv2d(g, x, w, null)),
                HostCopy.floats(kernels.conv2dBackwardInput(g, dy, w, 9, 31)),
                HostCopy.floats(kernels.conv2dBackwardWeight(g, dy, x))));
      }
    } finally {
      Threads.setCount(before);
    }
    for (List<float[]> other : results) {
      for (int i = 0; i < other.size(); i++) {
        assertThat(other.get(i)).isEqualTo(results.get(0).get(i));
      }
    }
  }

  @ParameterizedTest(name = "{1} {2}")
  @MethodSource("casesOfBothMethods")
  void convolvesForward(Kernels kernels, Case c, DataType type) {
    INDArray x = random(type, 1, c.batch, c.geometry.inChannels(), c.height, c.width);
    INDArray w = weight(type, c.geometry);
    INDArray bias = random(type, 3, c.geometry.outChannels());
    assertClose(
        kernels.conv2d(c.geometry, x, w, null),
        expected("plain", c, type, () -> REFERENCE.conv2d(c.geometry, x, w, null)));
    assertClose(
        kernels.conv2d(c.geometry, x, w, bias),
        expected("biased", c, type, () -> REFERENCE.conv2d(c.geometry, x, w, bias)));
  }

  @ParameterizedTest(name = "{1} {2}")
  @MethodSource("casesOfBothMethods")
  void convolvesBackwardToTheInput(Kernels kernels, Case c, DataType type) {
    INDArray dy = output(type, c);
    INDArray w = weight(type, c.geometry);
    assertClose(
        kernels.conv2dBackwardInput(c.geometry, dy, w, c.height, c.width),
        expected(
            "input",
            c,
            type,
            () -> REFERENCE.conv2dBackwardInput(c.geometry, dy, w, c.height, c.width)));
  }

  @ParameterizedTest(name = "{1} {2}")
  @MethodSource("cases")
  void convolvesBackwardToTheWeight(Kernels kernels, Case c, DataType type) {
    INDArray x = random(type, 1, c.batch, c.geometry.inChannels(), c.height, c.width);
    INDArray dy = output(type, c);
    assertClose(
        kernels.conv2dBackwardWeight(c.geometry, dy, x),
        expected("weight", c, type, () -> REFERENCE.conv2dBackwardWeight(c.geometry, dy, x)));
  }

  @ParameterizedTest
  @MethodSource("candidates")
  void multipliesLinearLayers(Kernels kernels) {
    for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      INDArray x = random(type, 1, 3, 17);
      INDArray w = random(type, 2, 5, 17);
      INDArray b = random(type, 3, 5);
      INDArray dy = random(type, 4, 3, 5);
      assertClose(kernels.linear(x, w, b), REFERENCE.linear(x, w, b));
      assertClose(kernels.linear(x, w, null), REFERENCE.linear(x, w, null));
      assertClose(kernels.linearBackwardInput(dy, w), REFERENCE.linearBackwardInput(dy, w));
      assertClose(kernels.linearBackwardWeight(dy, x), REFERENCE.linearBackwardWeight(dy, x));
      INDArray one = random(type, 5, 1, 17);
      assertClose(kernels.linear(one, w, b), REFERENCE.linear(one, w, b));
    }
  }

  private record Pool(Pool2dGeometry geometry, int batch, int channels, int height, int width) {}

  private static List<Pool> pools() {
    return List.of(
        new Pool(Pool2dGeometry.square(3, 2, 1), 2, 17, 9, 7),
        new Pool(Pool2dGeometry.square(3, 2, 1), 1, 33, 1, 1),
        new Pool(Pool2dGeometry.square(3, 2, 1), 1, 64, 2, 41),
        new Pool(Pool2dGeometry.square(7, 3, 3), 1, 3, 8, 10),
        new Pool(Pool2dGeometry.square(1, 1, 0), 2, 5, 3, 4),
        new Pool(Pool2dGeometry.square(1, 2, 0), 2, 33, 5, 4),
        new Pool(Pool2dGeometry.global(9, 7), 3, 17, 9, 7),
        new Pool(Pool2dGeometry.global(1, 1), 2, 33, 1, 1),
        new Pool(Pool2dGeometry.global(7, 7), 5, 64, 7, 7),
        new Pool(new Pool2dGeometry(2, 2, 2, 2, 0, 0, true), 2, 17, 9, 7),
        new Pool(new Pool2dGeometry(3, 3, 2, 2, 1, 1, true), 1, 32, 8, 6),
        new Pool(new Pool2dGeometry(2, 3, 1, 2, 1, 0, false), 2, 17, 9, 7),
        new Pool(new Pool2dGeometry(5, 1, 2, 1, 2, 0, false), 1, 31, 6, 13));
  }

  private static Stream<Arguments> poolCases() {
    return loops().flatMap(kernels -> pools().stream().map(pool -> Arguments.of(kernels, pool)));
  }

  /** What has loops of its own for pools, norms and sums over channels. */
  static Stream<Kernels> loops() {
    return Stream.concat(
        Stream.of(ND4J, VECTORS.get(0)), Stream.of(512, 256, 128).map(SimdWidths::blocked));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("poolCases")
  void poolsAndSpreadsBack(Kernels kernels, Pool pool) {
    Pool2dGeometry g = pool.geometry;
    // Few values: many windows have a tie.
    INDArray x = random(DataType.FLOAT, 1, pool.batch, pool.channels, pool.height, pool.width);
    INDArray ties = x.mul(3);
    Nd4j.getExecutioner().exec(new Round(ties));
    for (INDArray input : List.of(x, ties)) {
      MaxPooled max = kernels.maxPool2d(g, input);
      MaxPooled expected = REFERENCE.maxPool2d(g, input);
      assertClose(max.values(), expected.values());
      assertThat(max.argmax()).isEqualTo(expected.argmax());
      INDArray dy = random(DataType.FLOAT, 2, max.values().shape());
      assertClose(
          kernels.maxPool2dBackward(dy, max.argmax(), input.shape()),
          REFERENCE.maxPool2dBackward(dy, max.argmax(), input.shape()));
      assertClose(kernels.avgPool2d(g, input), REFERENCE.avgPool2d(g, input));
      assertClose(
          kernels.avgPool2dBackward(g, dy, pool.height, pool.width),
          REFERENCE.avgPool2dBackward(g, dy, pool.height, pool.width));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("loops")
  void worksElementWiseAndOverChannels(Kernels kernels) {
    for (long[] shape :
        new long[][] {
          {2, 17, 5, 3}, {3, 17}, {1, 17, 1, 1}, {1, 1, 1, 3}, {3, 64, 1, 43}, {2, 33, 20, 21}
        }) {
      int channels = (int) shape[1];
      // Far from zero, where a variance from a mean of squares would lose its digits.
      INDArray a = random(DataType.FLOAT, 1, shape).addi(30);
      INDArray b = random(DataType.FLOAT, 2, shape);
      double[] p = random(3, channels);
      double[] q = random(4, channels);
      double[] r = random(5, channels);
      assertClose(kernels.relu(b), REFERENCE.relu(b));
      assertClose(kernels.reluBackward(a, kernels.relu(b)), REFERENCE.reluBackward(a, b));
      assertClose(kernels.add(a, b), REFERENCE.add(a, b));
      assertClose(kernels.channelAffine(a, p, q), REFERENCE.channelAffine(a, p, q));
      assertClose(kernels.channelCombine(a, p, b, q, r), REFERENCE.channelCombine(a, p, b, q, r));
      assertChannelsClose(kernels.channelMoments(a), REFERENCE.channelMoments(a));
      assertChannelsClose(kernels.channelMoments(b), REFERENCE.channelMoments(b));
      assertChannelsClose(kernels.channelSums(b, a), REFERENCE.channelSums(b, a));
    }
  }

  /** Within rounding of single precision, relative to the largest value of all channels. */
  private static void assertChannelsClose(double[][] found, double[][] expected) {
    for (int row = 0; row < 2; row++) {
      double scale = Math.max(1, Arrays.stream(expected[row]).map(Math::abs).max().orElseThrow());
      assertThat(found[row]).as("row %d", row).containsExactly(expected[row], within(2e-6 * scale));
    }
  }

  @ParameterizedTest
  @MethodSource("candidates")
  void passesNotANumberOn(Kernels kernels) {
    INDArray x = HostCopy.array(new float[] {Float.NaN, -1, 2, -0f}, 1, 1, 2, 2);
    assertThat(HostCopy.floats(kernels.relu(x))[0]).isNaN();
    assertThat(HostCopy.floats(kernels.maxPool2d(Pool2dGeometry.global(2, 2), x).values())[0])
        .isNaN();
  }

  @ParameterizedTest
  @MethodSource("candidates")
  void leavesItsArgumentsAsTheyWere(Kernels kernels) {
    INDArray x = random(DataType.FLOAT, 1, 2, 4, 5, 5);
    float[] before = HostCopy.floats(x);
    kernels.relu(x);
    kernels.add(x, x);
    kernels.channelAffine(x, random(1, 4), random(2, 4));
    kernels.conv2d(
        Conv2dGeometry.square(4, 4, 3, 1, 1),
        x,
        weight(DataType.FLOAT, Conv2dGeometry.square(4, 4, 3, 1, 1)),
        null);
    assertThat(HostCopy.floats(x)).isEqualTo(before);
  }

  /** The comparison that all tests here rest on must see one wrong weight in one tap. */
  @Test
  void aWrongKernelIsFound() {
    Kernels mutant =
        new ReferenceKernels() {
          @Override
          public INDArray conv2d(
              Conv2dGeometry g, INDArray x, INDArray weight, @Nullable INDArray bias) {
            INDArray wrong = weight.dup();
            wrong.putScalar(0, wrong.getDouble(0) * 1.001);
            return super.conv2d(g, x, wrong, bias);
          }
        };
    Case c = convolutions().get(3);
    assertThatThrownBy(() -> convolvesForward(mutant, c, DataType.FLOAT))
        .isInstanceOf(AssertionError.class);
  }

  /** A pool that forgets its padding, gradients that go to the last maximum, a wrong mean. */
  @Test
  void wrongPoolsAndMeansAreFound() {
    Kernels shifted =
        new ReferenceKernels() {
          @Override
          public MaxPooled maxPool2d(Pool2dGeometry g, INDArray x) {
            MaxPooled right = super.maxPool2d(g, x);
            int[] argmax = right.argmax().clone();
            argmax[argmax.length - 1] = 0;
            return new MaxPooled(right.values(), argmax);
          }
        };
    Kernels padded =
        new BlockedKernels() {
          @Override
          protected Pool2dGeometry window(Pool2dGeometry g) {
            return new Pool2dGeometry(
                g.kernelH(), g.kernelW(), g.strideH(), g.strideW(), 0, 0, g.ceilMode());
          }
        };
    Kernels mean =
        new ReferenceKernels() {
          @Override
          public double[][] channelMoments(INDArray x) {
            double[][] moments = super.channelMoments(x);
            moments[0][moments[0].length - 1] *= 1.00001;
            return moments;
          }
        };
    Kernels inTies =
        new ReferenceKernels() {
          @Override
          public INDArray avgPool2dBackward(Pool2dGeometry g, INDArray dy, int height, int width) {
            return super.avgPool2dBackward(g, dy, height, width).muli(1.0001);
          }
        };
    for (Kernels wrong : List.of(shifted, padded, inTies)) {
      assertThatThrownBy(() -> poolsAndSpreadsBack(wrong, pools().get(0)))
          .isInstanceOf(AssertionError.class);
    }
    assertThatThrownBy(() -> worksElementWiseAndOverChannels(mean))
        .isInstanceOf(AssertionError.class);
  }

  private static INDArray expected(
      String what, Case c, DataType type, Supplier<INDArray> reference) {
    return EXPECTED.computeIfAbsent(List.of(what, c, type), key -> reference.get());
  }

  private static INDArray output(DataType type, Case c) {
    return random(
        type,
        4,
        c.batch,
        c.geometry.outChannels(),
        c.geometry.outH(c.height),
        c.geometry.outW(c.width));
  }

  private static INDArray weight(DataType type, Conv2dGeometry g) {
    return random(type, 2, g.outChannels(), g.inChannels(), g.kernelH(), g.kernelW());
  }

  private static INDArray random(DataType type, long seed, long... shape) {
    long length = 1;
    for (long side : shape) {
      length *= side;
    }
    return HostCopy.array(random(seed, (int) length), type, shape);
  }

  private static double[] random(long seed, int length) {
    return new SplittableRandom(seed).doubles(length, -1, 1).toArray();
  }

  /** Within rounding of the type, relative to the largest value. */
  private static void assertClose(INDArray found, INDArray expected) {
    assertThat(found.shape()).isEqualTo(expected.shape());
    assertThat(found.dataType()).isEqualTo(expected.dataType());
    assertThat(found.ordering()).isEqualTo('c');
    double[] f = HostCopy.doubles(found);
    double[] e = HostCopy.doubles(expected);
    double scale = 1e-30;
    double worst = 0;
    List<Integer> where = new ArrayList<>();
    for (int i = 0; i < e.length; i++) {
      scale = Math.max(scale, Math.abs(e[i]));
      double error = Math.abs(f[i] - e[i]);
      if (!(error <= worst)) {
        worst = error;
        where.add(i);
      }
    }
    double tolerance = expected.dataType() == DataType.FLOAT ? 2e-6 : 1e-14;
    assertThat(worst / scale).as("largest error, growing at %s", where).isLessThan(tolerance);
  }
}
