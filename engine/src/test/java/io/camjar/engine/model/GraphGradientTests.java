package io.camjar.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.CheckedValues;
import io.camjar.engine.backend.array.ArrayBackend;
import io.camjar.engine.check.GradientCheck;
import io.camjar.engine.check.GradientReport;
import io.camjar.engine.check.GraphCheck;
import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.kernel.ReferenceKernels;
import io.camjar.engine.model.resnet.BasicBlock;
import io.camjar.engine.model.resnet.Bottleneck;
import io.camjar.engine.model.resnet.Shortcut;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.AdaptiveConcatPool2d;
import io.camjar.engine.op.AdaptiveMaxPool2d;
import io.camjar.engine.op.Add;
import io.camjar.engine.op.AvgPool2d;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.MaxPool2d;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.op.Scale;
import io.camjar.engine.op.SiLU;
import io.camjar.engine.run.Backends;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Every operation's backward agrees with central differences, alone and in graphs, on odd shapes,
 * in both modes.
 *
 * <p>On the reference kernels; that the others compute the same is shown by the tests of kernels.
 */
class GraphGradientTests {

  private record Case(String name, Graph graph, long... shape) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** One operation. */
  private static Case of(String name, Op op, long... shape) {
    return of(name, (graph, x) -> graph.op("layer", op, x), shape);
  }

  /** Several. */
  private static Case of(String name, Body body, long... shape) {
    GraphBuilder graph = new GraphBuilder();
    graph.output("y", body.build(graph, graph.input("x")));
    return new Case(name, graph.build(), shape);
  }

  private interface Body {
    int build(GraphBuilder graph, int x);
  }

  private static List<Case> graphs() {
    Conv2d conv = conv(4, 6, 3, 1, 0);
    return List.of(
        of("conv 3x3", conv(3, 2, 3, 1, 1), 2, 3, 5, 4),
        of("conv 3x3 stride 2", conv(2, 3, 3, 2, 1), 1, 2, 7, 5),
        of("conv 1x1 stride 2", conv(3, 5, 1, 2, 0), 2, 3, 5, 3),
        of("conv 7x7 stem", conv(3, 2, 7, 2, 3), 1, 3, 9, 11),
        of(
            "conv dilated",
            new Conv2d(new Conv2dGeometry(2, 3, 3, 3, 1, 1, 2, 2, 2, 2), true),
            1,
            2,
            5,
            7),
        of("conv in groups", conv.withGroups(2), 2, 4, 5, 4),
        of("conv depthwise", conv(4, 4, 3, 2, 1).withGroups(4), 2, 4, 5, 7),
        of("conv padded unevenly", conv(2, 3, 3, 2, 0).withPaddingAfter(1, 2), 1, 2, 6, 5),
        of("batch norm 2d", new BatchNorm(2, 3, 1e-3, 0.2), 2, 3, 3, 5),
        of("batch norm 1d", BatchNorm.of1d(5), 3, 5),
        of("relu", new ReLU(), 2, 3, 3, 5),
        of("silu", new SiLU(), 2, 3, 3, 5),
        of("max-pool", new MaxPool2d(Pool2dGeometry.square(3, 2, 1)), 2, 2, 7, 5),
        of(
            "average pool, overhanging",
            new AvgPool2d(new Pool2dGeometry(2, 2, 2, 2, 0, 0, true)),
            1,
            2,
            5,
            7),
        of("global average", new AdaptiveAvgPool2d(), 2, 3, 3, 5),
        of("global maximum", new AdaptiveMaxPool2d(), 2, 3, 3, 5),
        of("concat pool", new AdaptiveConcatPool2d(), 2, 3, 3, 5),
        of("flatten", new Flatten(), 2, 3, 3, 5),
        of("scale", new Scale(0.125), 2, 3, 5),
        of("dropout", new Dropout(0.4), 3, 7),
        of("stochastic depth", Dropout.ofRows(0.4), 5, 3, 2, 2),
        of("linear", new Linear(7, 4, true), 3, 7),
        of("linear without bias", new Linear(7, 4, false), 1, 7),
        of("basic block", block(new BasicBlock(3, 3, 1, Shortcut.CONV)), 2, 3, 5, 3),
        of("basic block, downsampling", block(new BasicBlock(3, 4, 2, Shortcut.CONV)), 2, 3, 5, 7),
        of("bottleneck", block(new Bottleneck(8, 2, 8, 1, Shortcut.CONV)), 2, 8, 3, 5),
        of(
            "bottleneck, downsampling",
            block(new Bottleneck(3, 2, 8, 2, Shortcut.AVG_POOL_CONV)),
            2,
            3,
            5,
            3),
        of(
            "a value that is read twice",
            (graph, x) -> graph.op("sum", new Add(), x, x),
            2,
            3,
            2,
            2),
        of(
            "a chain",
            (graph, x) -> {
              int y = graph.op("conv", conv(2, 3, 3, 1, 1), x);
              y = graph.op("pool", new AdaptiveConcatPool2d(), y);
              return graph.op("fc", new Linear(6, 2, true), graph.op("flatten", new Flatten(), y));
            },
            2,
            2,
            5,
            3));
  }

  static Stream<Arguments> cases() {
    return graphs().stream()
        .flatMap(c -> Stream.of(false, true).map(training -> Arguments.of(c, training)));
  }

  @ParameterizedTest(name = "{0}, training {1}")
  @MethodSource("cases")
  void backwardAgreesWithDifferences(Case c, boolean training) {
    GradientReport report =
        check(c.graph, training, Map.of("x", CheckedValues.spread(11, c.shape)));
    assertThat(report.passed()).as(report.toString()).isTrue();
  }

  /** As MSDNet's exits: a result that later operations read too. */
  @ParameterizedTest
  @MethodSource("modes")
  void severalInputsAndOutputs(boolean training) {
    GraphBuilder graph = new GraphBuilder();
    int sum = graph.op("sum", new Add(), graph.input("left"), graph.input("right"));
    int first = graph.op("conv", conv(2, 2, 3, 1, 1), sum);
    graph.output("exit.1", first);
    graph.output("exit.2", graph.op("pool", new AdaptiveAvgPool2d(), first));
    Map<String, INDArray> inputs =
        Map.of(
            "left",
            CheckedValues.spread(11, 1, 2, 4, 3),
            "right",
            CheckedValues.spread(13, 1, 2, 4, 3));
    GradientReport report = check(graph.build(), training, inputs);
    assertThat(report.passed()).as(report.toString()).isTrue();
    assertThat(report.lines()).hasSize(4);
  }

  static Stream<Boolean> modes() {
    return Stream.of(false, true);
  }

  /** A convolution in one group is the same as kernels compute it. */
  @Test
  void zerosLaidAroundTheInputArePadding() {
    Conv2d symmetric = conv(2, 3, 3, 1, 1);
    Conv2d laidOut = conv(2, 3, 3, 1, 0).withPaddingAfter(2, 2);
    INDArray x = CheckedValues.spread(11, 1, 2, 5, 4);
    double[] expected = forward(symmetric, x);
    double[] found = forward(laidOut, x);
    // The same values, one row and column earlier: 5x4 outputs.
    for (int c = 0; c < 3; c++) {
      for (int row = 0; row < 4; row++) {
        for (int column = 0; column < 3; column++) {
          assertThat(found[(c * 5 + row) * 4 + column])
              .isEqualTo(expected[(c * 5 + row + 1) * 4 + column + 1]);
        }
      }
    }
  }

  private static double[] forward(Op op, INDArray x) {
    Case c = of("op", op, x.shape());
    Map<String, INDArray> parameters = c.graph.load(CheckedValues.parameters());
    try (INDArray y =
        Backends.open(new ArrayBackend(new ReferenceKernels()), c.graph, parameters, false)
            .forward(Map.of("x", x), "y")) {
      return HostCopy.doubles(y);
    }
  }

  private static GradientReport check(Graph graph, boolean training, Map<String, INDArray> inputs) {
    ArrayBackend backend = new ArrayBackend(new ReferenceKernels());
    return new GraphCheck(GradientCheck.standard(), backend, training)
        .check(graph, CheckedValues.parameters(), inputs, 7);
  }

  private static Conv2d conv(int in, int out, int kernel, int stride, int pad) {
    return new Conv2d(Conv2dGeometry.square(in, out, kernel, stride, pad), true);
  }

  private static Body block(BasicBlock block) {
    return (graph, x) -> block.build(graph, "b", x);
  }

  private static Body block(Bottleneck block) {
    return (graph, x) -> block.build(graph, "b", x);
  }
}
