package io.camjar.engine.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CheckedValues;
import io.camjar.engine.ShapeException;
import io.camjar.engine.backend.array.ArrayBackend;
import io.camjar.engine.check.GradientCheck;
import io.camjar.engine.check.GraphCheck;
import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.kernel.ReferenceKernels;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What operations refuse, and parameters that are values of their own. */
class OperationShapeTests {

  static List<Arguments> refused() {
    return List.of(
        row(new Add(), "inputs whose sides from the last on are equal or 1", s(2, 3), s(2, 4)),
        row(new Where(), "found [2, 1], [3] and [4]", s(2, 1), s(3), s(4)),
        row(new MatMul(), "[..., M, K] and [..., K, N]", s(2, 3), s(2, 3)),
        row(new Concat(1), "inputs alike but for axis 1", s(2, 3), s(3, 3)),
        row(new Softmax(3), "an axis 3", s(2, 3)),
        row(new Slice(0, 2, 2, 1), "axis 0 has places between 2 and 2", s(4, 3)),
        row(Transpose.of(1, 0), "of rank 2", s(2, 3, 4)),
        row(Reshape.of(0L, 4L), "as many numbers as [0, 4]", s(2, 3)),
        row(Reshape.of(-1L, 4L), "as many numbers as [-1, 4]", s(2, 3)),
        row(Reshape.of(0L, Reshape.axis(2)), "with a side 2", s(2, 3)),
        row(Expand.of(2L, 5L), "repeated to [2, 5]", s(2, 3)),
        row(new Pad(Pad.Mode.REFLECT, List.of(2L), List.of(0L), 0), "[2] before", s(2)),
        row(Resize.by(Resize.Mode.NEAREST, false, 0.1, 1), "keeps a pixel", s(1, 2, 4, 4)),
        row(new Linear(4, 2, true), "[..., 4]", s(2, 3)),
        row(new PReLU(3), "[N, 3, ...]", s(2, 4, 1)),
        row(LayerNorm.of(4, 1e-5), "ends with the sides [4]", s(2, 3)),
        row(new LayerNorm2d(4, 1e-5), "[N, 4, H, W]", s(2, 3, 4, 4)),
        row(new GroupNorm(2, 4, 1e-5, true), "[N, 4, ...]", s(2, 3, 4, 4)),
        row(new LocalResponseNorm(3, 1, 1, 1), "[N, C, ...]", s(2, 3)),
        row(new GeM(1e-6), "[N, C, H, W]", s(2, 3, 4)),
        row(
            new MaxPool2d(Pool2dGeometry.square(3, 1, 0)).withDilation(2, 2),
            "not smaller than its 3x3 window",
            s(1, 2, 4, 9)),
        row(new Flatten(2), "a rank above 2", s(2, 4)));
  }

  private static Arguments row(Op op, String message, Shape... inputs) {
    return Arguments.of(op, message, List.of(inputs));
  }

  private static Shape s(long... sides) {
    return Shape.of(sides);
  }

  @ParameterizedTest(name = "{0}, {2}")
  @MethodSource("refused")
  void namesTheLayerAndWhatItExpects(Op op, String message, List<Shape> inputs) {
    assertThatThrownBy(() -> op.output("some.layer", inputs))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("some.layer")
        .hasMessageContaining(op.kind())
        .hasMessageContaining(message);
  }

  /** As a vision transformer adds its position embedding and class token. */
  @Test
  void aParameterIsAValueThatHasGradientsAndItsPathForAName() {
    GraphBuilder builder = new GraphBuilder();
    int x = builder.input("x");
    int token = builder.op("cls_token", new Parameter(s(1, 1, 4), true));
    int constant = builder.op("scale", new Parameter(s(4), false));
    int tokens = builder.op("expand", Expand.of(0L, -1L, -1L), token, x);
    int both = builder.op("cat", new Concat(1), tokens, builder.op("mul", new Mul(), x, constant));
    builder.output("y", builder.op("add", new Add(), both, builder.op("pos", pos())));
    Graph graph = builder.build();
    assertThat(graph.inputs()).containsExactly(0);
    assertThat(graph.parameterShapes().keySet()).containsExactly("cls_token", "scale", "pos");
    assertThat(graph.shapes(Map.of(0, s(2, 3, 4))).get(both)).isEqualTo(s(2, 4, 4));
    assertThat(graph.layerShapes(s(2, 3, 4)).get(0).parameters()).isEqualTo(4);
    for (boolean training : new boolean[] {false, true}) {
      var report =
          new GraphCheck(
                  GradientCheck.standard(), new ArrayBackend(new ReferenceKernels()), training)
              .check(
                  graph,
                  CheckedValues.parameters(),
                  Map.of("x", CheckedValues.spread(3, 2, 3, 4)),
                  5);
      assertThat(report.passed()).as(report.toString()).isTrue();
      assertThat(report.lines()).hasSize(3);
    }
  }

  private static Parameter pos() {
    return new Parameter(s(1, 4, 4), true);
  }
}
