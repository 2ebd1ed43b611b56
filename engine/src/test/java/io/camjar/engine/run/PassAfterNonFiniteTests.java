package io.camjar.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.SyntheticParameters;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Passes share memory: what one of NaN leaves there, in blocks of few channels too, must not reach
 * the next.
 */
class PassAfterNonFiniteTests {

  static Stream<Arguments> cells() {
    return EquivalenceCases.all().stream()
        .flatMap(
            c ->
                Stream.of(
                        Named.of("every point", Request.of(c.points())),
                        Named.of("the input", Request.of(Set.of("x"))),
                        Named.of("training", Request.training()))
                    .map(request -> Arguments.of(c, request)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cells")
  void givesTheBitsOfThePassBefore(EquivalenceCase c, Request request) {
    Map<String, INDArray> parameters = c.graph().load(new SyntheticParameters());
    Session<?> session = Backends.open(c.graph(), parameters, request.train());
    try (INDArray x = c.input();
        INDArray nan = x.dup().addi(Float.NaN)) {
      Map<String, float[]> before = pass(session, c, x, request, 1);
      pass(session, c, nan, request, Float.NaN);
      pass(session, c, nan, request, Float.NaN);
      Map<String, float[]> after = pass(session, c, x, request, 1);

      assertThat(after.keySet()).isEqualTo(before.keySet());
      before.forEach((name, values) -> assertThat(after.get(name)).as(name).isEqualTo(values));
    } finally {
      session.close();
      parameters.values().forEach(INDArray::close);
    }
  }

  private static Map<String, float[]> pass(
      Session<?> session, EquivalenceCase c, INDArray x, Request request, float seed) {
    SplittableRandom random = request.train() ? new SplittableRandom(3) : null;
    Map<String, float[]> all = new LinkedHashMap<>();
    try (Trace trace = session.trace(Map.of("x", x), request, random)) {
      Map<String, INDArray> seeds = new LinkedHashMap<>();
      for (String name : c.graph().outputs().keySet()) {
        INDArray output = trace.output(name);
        all.put(name, HostCopy.floats(output));
        float[] ones = new float[(int) output.length()];
        Arrays.fill(ones, seed);
        seeds.put(name, HostCopy.array(ones, output.shape()));
      }
      try (Gradients gradients = trace.backward(seeds)) {
        for (String name : gradients.parameterNames()) {
          all.put(name, HostCopy.floats(gradients.parameter(name)));
        }
        for (String point : request.points()) {
          all.put("gradient at " + point, HostCopy.floats(gradients.get(point)));
        }
      }
      seeds.values().forEach(INDArray::close);
    }
    return all;
  }
}
