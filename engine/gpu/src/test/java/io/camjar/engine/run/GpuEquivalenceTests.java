package io.camjar.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.Agreement;
import io.camjar.engine.backend.array.ArrayBackend;
import io.camjar.engine.gpu.GpuBackend;
import io.camjar.engine.gpu.OnDevice;
import io.camjar.engine.graph.Node;
import io.camjar.engine.kernel.ReferenceKernels;
import io.camjar.engine.op.BatchNorm;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Each operation alone and in odd company gives on the device what it gives on the loops in double
 * precision: outputs, gradients of every point and parameter, and moved statistics.
 */
@OnDevice
class GpuEquivalenceTests {
  /** Of the largest value of an array. */
  private static final double CLOSE = 1e-5;

  static Stream<Arguments> cells() {
    return EquivalenceCases.all().stream()
        .flatMap(c -> requests(c).map(request -> Arguments.of(c, request)));
  }

  private static Stream<Request> requests(EquivalenceCase c) {
    Stream<Request> all =
        Stream.of(
            Request.of(c.points()),
            Request.of(List.of("x")).withGuidedBackprop(),
            Request.of(Set.of()),
            Request.training().withPoints(c.points()));
    List<String> norms =
        c.graph().nodes().stream()
            .filter(node -> node.op() instanceof BatchNorm)
            .map(Node::path)
            .toList();
    return norms.isEmpty()
        ? all
        : Stream.concat(
            all,
            Stream.of(
                Request.training().withRunning(norms),
                Request.training().withFrozen(norms),
                Request.training().withRunning(norms).withFrozen(norms),
                Request.of(Set.of()).withParameterGradients()));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cells")
  void givesWhatTheLoopsGive(EquivalenceCase c, Request request) {
    assertClose(onDevice(c, request), expected(c, request));
  }

  @Test
  void aWrongValueIsTold() {
    EquivalenceCase c = EquivalenceCases.all().get(0);
    Request request = Request.of(c.points());
    Map<String, float[]> expected = expected(c, request);
    Map<String, float[]> wrong = new LinkedHashMap<>(onDevice(c, request));
    float[] changed = wrong.get("gradient at x").clone();
    changed[3] += 1e-3f;
    wrong.put("gradient at x", changed);
    assertThatThrownBy(() -> assertClose(wrong, expected)).isInstanceOf(AssertionError.class);
  }

  private static Map<String, float[]> onDevice(EquivalenceCase c, Request request) {
    return BackendEquivalenceTests.run(
        c,
        request,
        (parameters, training) ->
            request.learns() && !request.train()
                ? learning(GpuBackend.on("opencl"), c, parameters)
                : Backends.open(GpuBackend.on("opencl"), c.graph(), parameters, training));
  }

  private static Session<?> learning(
      Backend backend, EquivalenceCase c, Map<String, INDArray> parameters) {
    return new Session<>(backend.name(), backend.lowerLearning(c.graph(), parameters), 1);
  }

  private static Map<String, float[]> expected(EquivalenceCase c, Request request) {
    return BackendEquivalenceTests.run(
        c,
        request,
        (parameters, training) ->
            Backends.open(
                new ArrayBackend(new ReferenceKernels()), c.graph(), parameters, training));
  }

  private static void assertClose(Map<String, float[]> found, Map<String, float[]> expected) {
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (name, e) ->
            assertThat(Agreement.relativeMax(found.get(name), e)).as(name).isLessThan(CLOSE));
  }
}
