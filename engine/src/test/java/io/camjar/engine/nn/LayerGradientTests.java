package io.camjar.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.check.GradientCheck;
import io.camjar.engine.check.GradientReport;
import io.camjar.engine.check.LayerCheck;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.kernel.ReferenceKernels;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Every layer's backward agrees with central differences, on odd shapes, in both modes.
 *
 * <p>On the reference kernels; that the others compute the same is shown by the tests of kernels.
 */
class LayerGradientTests {

  private record Case(String name, Function<Parameters, Layer> layer, long... shape) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case of(String name, Function<Parameters, Layer> layer, long... shape) {
    return new Case(name, layer, shape);
  }

  private static List<Case> layers() {
    return List.of(
        of("conv 3x3", p -> conv(p, 3, 2, 3, 1, 1), 2, 3, 5, 4),
        of("conv 3x3 stride 2", p -> conv(p, 2, 3, 3, 2, 1), 1, 2, 7, 5),
        of("conv 1x1 stride 2", p -> conv(p, 3, 5, 1, 2, 0), 2, 3, 5, 3),
        of("conv 7x7 stem", p -> conv(p, 3, 2, 7, 2, 3), 1, 3, 9, 11),
        of(
            "conv dilated",
            p -> new Conv2d("c", new Conv2dGeometry(2, 3, 3, 3, 1, 1, 2, 2, 2, 2), true, p),
            1,
            2,
            5,
            7),
        of("batch norm 2d", p -> new BatchNorm2d("b", 3, p), 2, 3, 3, 5),
        of("batch norm 1d", p -> new BatchNorm1d("b", 5, p), 3, 5),
        of("relu", p -> new ReLU("r"), 2, 3, 3, 5),
        of("max-pool", p -> new MaxPool2d("m", Pool2dGeometry.square(3, 2, 1)), 2, 2, 7, 5),
        of(
            "average pool, overhanging",
            p -> new AvgPool2d("a", new Pool2dGeometry(2, 2, 2, 2, 0, 0, true)),
            1,
            2,
            5,
            7),
        of("global average", p -> new AdaptiveAvgPool2d("a"), 2, 3, 3, 5),
        of("global maximum", p -> new AdaptiveMaxPool2d("m"), 2, 3, 3, 5),
        of("concat pool", p -> new AdaptiveConcatPool2d("p"), 2, 3, 3, 5),
        of("flatten", p -> new Flatten("f"), 2, 3, 3, 5),
        of("dropout", p -> new Dropout("d", 0.4), 3, 7),
        of("linear", p -> new Linear("l", 7, 4, true, p), 3, 7),
        of("linear without bias", p -> new Linear("l", 7, 4, false, p), 1, 7),
        of("basic block", p -> new BasicBlock("b", 3, 3, 1, null, p), 2, 3, 5, 3),
        of("basic block, downsampling", p -> downsampling(p, true), 2, 3, 5, 7),
        of("bottleneck", p -> new Bottleneck("b", 8, 2, 1, null, p), 2, 8, 3, 5),
        of("bottleneck, downsampling", p -> downsampling(p, false), 2, 3, 5, 3),
        of(
            "sequential",
            p ->
                new Sequential(
                    "s",
                    List.of(
                        conv(p, 2, 3, 3, 1, 1),
                        new AdaptiveConcatPool2d("p"),
                        new Flatten("f"),
                        new Linear("l", 6, 2, true, p))),
            2,
            2,
            5,
            3));
  }

  static Stream<Arguments> cases() {
    return layers().stream()
        .flatMap(layer -> Stream.of(false, true).map(training -> Arguments.of(layer, training)));
  }

  @ParameterizedTest(name = "{0}, training {1}")
  @MethodSource("cases")
  void backwardAgreesWithDifferences(Case c, boolean training) {
    LayerCheck check = new LayerCheck(GradientCheck.standard(), new ReferenceKernels(), training);
    GradientReport report = check.check(c.layer.apply(new RandomParameters()), spread(c.shape), 7);
    assertThat(report.passed()).as(report.toString()).isTrue();
  }

  private static Conv2d conv(Parameters p, int in, int out, int kernel, int stride, int pad) {
    return new Conv2d("c", Conv2dGeometry.square(in, out, kernel, stride, pad), true, p);
  }

  private static Layer downsampling(Parameters p, boolean basic) {
    int out = basic ? 4 : 8;
    Layer shortcut =
        new Sequential(
            "b.downsample",
            List.of(
                new Conv2d("b.downsample.0", Conv2dGeometry.square(3, out, 1, 2, 0), false, p),
                new BatchNorm2d("b.downsample.1", out, p)));
    return basic
        ? new BasicBlock("b", 3, 4, 2, shortcut, p)
        : new Bottleneck("b", 3, 2, 2, shortcut, p);
  }

  /** Distinct values in random order, none near zero: pools and ReLUs have no kink nearby. */
  private static INDArray spread(long... shape) {
    int length = 1;
    for (long side : shape) {
      length *= (int) side;
    }
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = (i + 0.5) * 2.4 / length - 1.2;
    }
    SplittableRandom random = new SplittableRandom(11);
    for (int i = length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      double swap = values[i];
      values[i] = values[j];
      values[j] = swap;
    }
    return HostCopy.array(values, DataType.DOUBLE, shape);
  }

  /** Double parameters of any name; variances are positive. */
  private static final class RandomParameters implements Parameters {
    private final SplittableRandom random = new SplittableRandom(5);

    @Override
    public boolean has(String path) {
      return true;
    }

    @Override
    public INDArray get(String path, long... shape) {
      int length = 1;
      for (long side : shape) {
        length *= (int) side;
      }
      boolean positive = path.endsWith("running_var");
      double[] values =
          random.doubles(length, positive ? 0.5 : -0.7, positive ? 1.5 : 0.7).toArray();
      return HostCopy.array(values, DataType.DOUBLE, shape);
    }
  }
}
