package io.camjar.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.Agreement;
import io.camjar.engine.CamjarException;
import io.camjar.engine.ShapeException;
import io.camjar.engine.backend.array.ArrayBackend;
import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.ReferenceKernels;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.ReLU;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a pass answers to, whoever runs it. */
class TraceTests {
  /** A classifier of two images into five classes, with a convolution beside that leads nowhere. */
  private static final Graph GRAPH = graph();

  private static Graph graph() {
    GraphBuilder graph = new GraphBuilder();
    int x = graph.input("x");
    int y = graph.op("conv", conv(), x);
    graph.op("aside", conv(), x);
    y = graph.op("pool", new AdaptiveAvgPool2d(), graph.op("relu", new ReLU(), y));
    graph.output(
        Trace.LOGITS, graph.op("fc", new Linear(4, 5, true), graph.op("flat", new Flatten(), y)));
    return graph.build();
  }

  private static Conv2d conv() {
    return new Conv2d(Conv2dGeometry.square(3, 4, 3, 1, 1), true);
  }

  static Stream<Session<?>> sessions() {
    Map<String, INDArray> parameters = GRAPH.load(new SyntheticParameters());
    return Stream.of(
        Backends.open(new ArrayBackend(new ReferenceKernels()), GRAPH, parameters, false),
        Backends.open(GRAPH, parameters, false));
  }

  static Stream<Session<?>> learning() {
    Map<String, INDArray> parameters = GRAPH.load(new SyntheticParameters());
    return Stream.of(
        Backends.open(new ArrayBackend(new ReferenceKernels()), GRAPH, parameters, false),
        Backends.openLearning(GRAPH, parameters));
  }

  private static INDArray images() {
    return SyntheticInput.images("x", 2, 3, 5, 7);
  }

  /** A row of numbers too many or too few would be read as another gradient. */
  @ParameterizedTest
  @MethodSource("sessions")
  void aBackwardStartsFromGradientsOfTheResultsShape(Session<?> session) {
    try (INDArray x = images();
        Trace trace = session.trace(Map.of("x", x), Request.of(List.of("conv")), null)) {
      for (long[] shape : new long[][] {{2, 4}, {2, 6}, {1, 5}, {3, 5}, {5, 2}, {10}, {2, 5, 1}}) {
        assertThatThrownBy(() -> trace.backward(Map.of(Trace.LOGITS, Nd4j.ones(shape))))
            .isInstanceOfSatisfying(
                ShapeException.class,
                e -> {
                  assertThat(e.path()).isEqualTo(Trace.LOGITS);
                  assertThat(e.expected()).isEqualTo("[2, 5]");
                });
      }
      try (Gradients right = trace.backward(Map.of(Trace.LOGITS, Nd4j.ones(2, 5)))) {
        assertThat(right.get("conv").shape()).containsExactly(2, 4, 5, 7);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("sessions")
  void aBackwardStartsFromSomething(Session<?> session) {
    try (INDArray x = images();
        Trace trace = session.trace(Map.of("x", x), Request.of(List.of("conv")), null)) {
      assertThatThrownBy(() -> trace.backward(Map.of()))
          .isInstanceOf(CamjarException.class)
          .hasMessage(
              "a backward starts from the gradient of at least one result, there are [logits]");
      assertThatThrownBy(() -> trace.backward(Map.of("scores", Nd4j.ones(2, 5))))
          .isInstanceOf(CamjarException.class)
          .hasMessage("the network has no output scores");
    }
  }

  /** As a hook of PyTorch's sees it, and as its {@code autograd.grad} refuses what is unused. */
  @ParameterizedTest
  @MethodSource("learning")
  void aPointThatNoResultDependsOnHasAnActivationAndNoGradient(Session<?> session) {
    Request request = Request.of(List.of("aside", "conv")).withParameterGradients();
    Map<String, INDArray> p = GRAPH.load(new SyntheticParameters());
    try (INDArray x = images();
        INDArray y =
            new ReferenceKernels()
                .conv2d(
                    Conv2dGeometry.square(3, 4, 3, 1, 1),
                    x,
                    p.get("aside.weight"),
                    p.get("aside.bias"));
        Trace trace = session.trace(Map.of("x", x), request, null);
        Gradients gradients = trace.backward(Map.of(Trace.LOGITS, Nd4j.ones(2, 5)))) {
      assertThat(
              Agreement.relativeMax(HostCopy.floats(trace.activation("aside")), HostCopy.floats(y)))
          .isLessThan(1e-6);
      assertThatThrownBy(() -> gradients.get("aside"))
          .isInstanceOf(CamjarException.class)
          .hasMessage(
              "no gradient reaches aside: the results that the backward began with do not depend on it");
      assertThatThrownBy(() -> gradients.parameter("aside.weight"))
          .isInstanceOf(CamjarException.class)
          .hasMessageStartingWith("there is no gradient of aside.weight: it was not asked for, or");
      assertThat(gradients.parameterNames()).contains("conv.weight").doesNotContain("aside.weight");
    }
  }

  /** A service whose callers choose layers would keep a plan for every choice. */
  @Test
  void plansOfRequestsThatDoNotComeAgainAreForgotten() {
    Session<?> session = Backends.open(GRAPH, GRAPH.load(new SyntheticParameters()), false);
    List<String> names = List.of("x", "conv", "relu", "pool", "flat", "fc", "aside");
    try (INDArray x = images()) {
      IntStream.range(0, 1 << names.size())
          .forEach(
              choice -> {
                List<String> some =
                    IntStream.range(0, names.size())
                        .filter(i -> (choice >> i & 1) == 1)
                        .mapToObj(names::get)
                        .toList();
                session.trace(Map.of("x", x), Request.of(some), null).close();
              });
    }
    assertThat(session.schedules()).isBetween(1, 64);
  }
}
