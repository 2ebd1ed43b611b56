package io.camjar.engine.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.backend.array.ArrayBackend;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.graph.Parameters;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.ReferenceKernels;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Linear;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The checker tells right gradients from wrong ones: a checker that cannot fail checks nothing. */
class GradientCheckTests {
  private final INDArray x = HostCopy.array(new double[] {0.5, -1, 2}, DataType.DOUBLE, 3);

  /** The sum of cubes, whose gradient is {@code 3 x^2}. */
  private double sumOfCubes() {
    double sum = 0;
    for (double v : HostCopy.doubles(x)) {
      sum += v * v * v;
    }
    return sum;
  }

  private GradientReport check(double... gradient) {
    return GradientCheck.standard()
        .check(
            this::sumOfCubes,
            Map.of("x", x),
            Map.of("x", HostCopy.array(gradient, DataType.DOUBLE, 3)));
  }

  @Test
  void aRightGradientPasses() {
    assertThat(check(0.75, 3, 12).passed()).isTrue();
  }

  @Test
  void aGradientWrongByOnePartInAHundredThousandFails() {
    GradientReport report = check(0.75, 3, 12.00012);
    assertThat(report.passed()).isFalse();
    assertThat(report.lines().get(0).worstIndex()).isEqualTo(2);
    assertThat(report.lines().get(0).toString()).contains("x:", "WRONG", "expected 12.0");
  }

  @Test
  void aMissingSignATransposedPairAndAZeroFail() {
    assertThat(check(-0.75, 3, 12).passed()).isFalse();
    assertThat(check(3, 0.75, 12).passed()).isFalse();
    assertThat(check(0, 0, 0).passed()).isFalse();
  }

  @Test
  void aGradientThatIsNotANumberFails() {
    assertThat(check(0.75, Double.NaN, 12).passed()).isFalse();
  }

  @Test
  void theWorstIsTheOneThatIsNotANumber() {
    GradientReport.Line line = check(Double.NaN, 3, 12).lines().get(0);
    assertThat(line.worstIndex()).isZero();
    assertThat(line.found()).isNaN();
  }

  /** Numbers of a matrix by columns lie in another order than c. */
  @Test
  void variablesMayLieInAnyOrder() {
    INDArray rows = ramp(2, 3);
    INDArray columns = rows.dup('f');
    INDArray part = ramp(3, 3).get(NDArrayIndex.interval(1, 3), NDArrayIndex.all());
    for (INDArray variable : List.of(rows, columns, part)) {
      double[] before = HostCopy.doubles(variable);
      DoubleSupplier loss =
          () -> {
            double[] v = HostCopy.doubles(variable);
            double sum = 0;
            for (int i = 0; i < v.length; i++) {
              sum += (i + 1) * v[i] * v[i];
            }
            return sum;
          };
      double[] gradient = new double[before.length];
      Arrays.setAll(gradient, i -> 2 * (i + 1) * before[i]);
      assertThat(
              GradientCheck.standard()
                  .check(
                      loss,
                      Map.of("v", variable),
                      Map.of("v", HostCopy.array(gradient, DataType.DOUBLE, 2, 3)))
                  .lines())
          .allMatch(GradientReport.Line::passed);
      assertThat(HostCopy.doubles(variable)).isEqualTo(before);
    }
  }

  /** A parameter that no result depends on has no gradient, and its difference quotients are 0. */
  @Test
  void aParameterBesideTheResultIsRight() {
    GraphBuilder graph = new GraphBuilder();
    int x = graph.input("input");
    graph.op("aside", new Linear(3, 2, true), x);
    graph.output("y", graph.op("fc", new Linear(3, 2, true), x));
    GradientReport report =
        new GraphCheck(GradientCheck.standard(), new ArrayBackend(new ReferenceKernels()), false)
            .check(
                graph.build(),
                Parameters.of(
                    Map.of(
                        "aside.weight", ramp(2, 3),
                        "aside.bias", ramp(2),
                        "fc.weight", ramp(2, 3),
                        "fc.bias", ramp(2))),
                Map.of("input", ramp(2, 3)),
                3);
    assertThat(report.passed()).isTrue();
    assertThat(report.lines())
        .extracting(GradientReport.Line::variable)
        .contains("aside.weight", "fc.weight");
  }

  @Test
  void variablesArePutBack() {
    check(0.75, 3, 12);
    assertThat(HostCopy.doubles(x)).containsExactly(0.5, -1, 2);
  }

  @Test
  void singlePrecisionIsRefused() {
    INDArray floats = HostCopy.array(new float[] {1}, 1);
    assertThatThrownBy(
            () -> GradientCheck.standard().check(() -> 0, Map.of("x", floats), Map.of("x", floats)))
        .hasMessageContaining("double");
  }

  /** The graph check itself must notice a convolution whose backward is slightly wrong. */
  @Test
  void anOperationWithAWrongBackwardFails() {
    assertThat(checkConvolution(0).passed()).isTrue();
    GradientReport wrong = checkConvolution(1e-4);
    assertThat(wrong.passed()).isFalse();
    assertThat(wrong.lines())
        .filteredOn(line -> !line.passed())
        .extracting(GradientReport.Line::variable)
        .containsExactly("input");
  }

  private static GradientReport checkConvolution(double error) {
    ReferenceKernels kernels =
        new ReferenceKernels() {
          @Override
          public INDArray conv2dBackwardInput(
              Conv2dGeometry g, INDArray dy, INDArray weight, int height, int width) {
            INDArray dx = super.conv2dBackwardInput(g, dy, weight, height, width);
            return dx.muli(1 + error);
          }
        };
    GraphBuilder graph = new GraphBuilder();
    Conv2d op = new Conv2d(Conv2dGeometry.square(1, 2, 3, 1, 1), false);
    graph.output("y", graph.op("c", op, graph.input("input")));
    return new GraphCheck(GradientCheck.standard(), new ArrayBackend(kernels), false)
        .check(
            graph.build(),
            Parameters.of(Map.of("c.weight", ramp(2, 1, 3, 3))),
            Map.of("input", ramp(1, 1, 3, 4)),
            3);
  }

  private static INDArray ramp(long... shape) {
    int length = 1;
    for (long side : shape) {
      length *= (int) side;
    }
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = Math.sin(1 + i);
    }
    return HostCopy.array(values, DataType.DOUBLE, shape);
  }
}
