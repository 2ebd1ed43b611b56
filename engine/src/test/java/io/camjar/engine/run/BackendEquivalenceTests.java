package io.camjar.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.Agreement;
import io.camjar.engine.backend.array.ArrayBackend;
import io.camjar.engine.graph.Graph;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Nd4jKernels;
import io.camjar.engine.kernel.ReferenceKernels;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Each operation alone and in odd company gives on every backend what it gives on the loops in
 * double precision: outputs, gradients of every point and parameter, and moved statistics.
 */
class BackendEquivalenceTests {
  private static final double CLOSE = 2e-5;

  static Stream<Arguments> cells() {
    return EquivalenceCases.all().stream()
        .flatMap(
            c ->
                (EquivalenceCases.plain().stream().anyMatch(plain -> plain.name().equals(c.name()))
                        ? Stream.of("nd4j", "chosen")
                        : Stream.of("chosen"))
                    .flatMap(
                        backend ->
                            Stream.of(
                                    Request.of(c.points()),
                                    Request.of(List.of("x")).withGuidedBackprop(),
                                    Request.of(Set.of()),
                                    Request.training().withPoints(c.points()))
                                .map(request -> Arguments.of(c, backend, request))));
  }

  /** Half a million cells one after the other in single precision would lose a thousandth. */
  @Test
  void aMeanOfManyCellsIsNotRoundedCellByCell() {
    for (int side : new int[] {64, 512}) {
      Graph graph =
          EquivalenceCase.of("halves", new AdaptiveAvgPool2d(1, 2), 1, 3, side, side).graph();
      try (INDArray x = Nd4j.zeros(1, 3, side, side).addi(0.1);
          Trace trace =
              Backends.open(graph, Map.of(), false)
                  .trace(Map.of("x", x), Request.of(Set.of()), null)) {
        for (float mean : HostCopy.floats(trace.output(Trace.LOGITS))) {
          assertThat(mean).isCloseTo(0.1f, within(1e-7f));
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource("cells")
  void givesWhatTheLoopsGive(EquivalenceCase c, String backend, Request request) {
    assertClose(run(c, backend, request), run(c, "reference", request));
  }

  @Test
  void theFastestBackendRunsEveryGraph() {
    for (EquivalenceCase c : EquivalenceCases.all()) {
      try (INDArray x = c.input();
          Trace trace =
              session(c, "chosen", c.graph().load(new SyntheticParameters()), false)
                  .trace(Map.of("x", x), Request.of(Set.of()), null)) {
        assertThat(trace.backend()).isEqualTo("cpu");
      }
    }
  }

  @Test
  void aWrongValueIsTold() {
    EquivalenceCase c = EquivalenceCases.all().get(0);
    Map<String, float[]> expected = run(c, "reference", Request.of(c.points()));
    Map<String, float[]> wrong = new LinkedHashMap<>(expected);
    float[] changed = expected.get("gradient at x").clone();
    changed[3] += 1e-3f;
    wrong.put("gradient at x", changed);
    assertThatThrownBy(() -> assertClose(wrong, expected)).isInstanceOf(AssertionError.class);
  }

  private static Session<?> session(
      EquivalenceCase c, String backend, Map<String, INDArray> parameters, boolean training) {
    return switch (backend) {
      case "reference" ->
          Backends.open(new ArrayBackend(new ReferenceKernels()), c.graph(), parameters, training);
      case "nd4j" ->
          Backends.open(new ArrayBackend(new Nd4jKernels()), c.graph(), parameters, training);
      default -> Backends.open(c.graph(), parameters, training);
    };
  }

  private static Map<String, float[]> run(EquivalenceCase c, String backend, Request request) {
    return run(c, request, (parameters, training) -> session(c, backend, parameters, training));
  }

  /** Opens a session of a case's graph. */
  interface Opening {
    Session<?> open(Map<String, INDArray> parameters, boolean training);
  }

  /** All that a pass of a case gives, by name. */
  static Map<String, float[]> run(EquivalenceCase c, Request request, Opening opening) {
    Map<String, INDArray> parameters = c.graph().load(new SyntheticParameters());
    Session<?> session = opening.open(parameters, request.train());
    Map<String, float[]> all = new LinkedHashMap<>();
    SplittableRandom random = request.train() ? new SplittableRandom(3) : null;
    try (INDArray x = c.input();
        Trace trace = session.trace(Map.of("x", x), request, random)) {
      Map<String, INDArray> seeds =
          c.graph().outputs().keySet().stream()
              .collect(Collectors.toMap(name -> name, name -> waves(trace.output(name).shape())));
      try (Gradients gradients = trace.backward(seeds)) {
        c.graph().outputs().keySet().stream()
            .sorted()
            .forEach(name -> all.put(name, HostCopy.floats(trace.output(name))));
        for (String point : request.points()) {
          assertThat(gradients.get(point).shape()).isEqualTo(trace.activation(point).shape());
          all.put("output of " + point, HostCopy.floats(trace.activation(point)));
          all.put("gradient at " + point, HostCopy.floats(gradients.get(point)));
        }
        for (String name : gradients.parameterNames()) {
          all.put("gradient of " + name, HostCopy.floats(gradients.parameter(name)));
        }
      }
    }
    parameters.forEach((name, array) -> all.put(name, HostCopy.floats(array)));
    return all;
  }

  private static INDArray waves(long... shape) {
    INDArray array = Nd4j.zeros(shape);
    for (int i = 0; i < array.length(); i++) {
      array.putScalar(i, Math.sin(i + 1));
    }
    return array;
  }

  private static void assertClose(Map<String, float[]> found, Map<String, float[]> expected) {
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (name, e) -> {
          float[] f = found.get(name);
          assertThat(Agreement.relativeMax(f, e)).as(name).isLessThan(CLOSE);
        });
  }
}
