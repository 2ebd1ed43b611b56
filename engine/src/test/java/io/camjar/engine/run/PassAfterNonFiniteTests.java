package io.camjar.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.SyntheticParameters;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
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
    return BackendEquivalenceTests.graphs().stream()
        .flatMap(c -> Stream.of(Arguments.of(c, false), Arguments.of(c, true)));
  }

  @ParameterizedTest(name = "{0}, training {1}")
  @MethodSource("cells")
  void givesTheBitsOfThePassBefore(BackendEquivalenceTests.Case c, boolean training) {
    Map<String, INDArray> parameters = c.graph().load(new SyntheticParameters());
    Session<?> session = Backends.open(c.graph(), parameters, training);
    try (INDArray x = BackendEquivalenceTests.input(c);
        INDArray nan = x.dup().addi(Float.NaN)) {
      Map<String, float[]> before = pass(session, c, x, training, 1);
      pass(session, c, nan, training, Float.NaN);
      pass(session, c, nan, training, Float.NaN);
      Map<String, float[]> after = pass(session, c, x, training, 1);

      assertThat(after.keySet()).isEqualTo(before.keySet());
      before.forEach((name, values) -> assertThat(after.get(name)).as(name).isEqualTo(values));
    } finally {
      session.close();
      parameters.values().forEach(INDArray::close);
    }
  }

  private static Map<String, float[]> pass(
      Session<?> session,
      BackendEquivalenceTests.Case c,
      INDArray x,
      boolean training,
      float seed) {
    Request request = training ? Request.training() : Request.of(BackendEquivalenceTests.points(c));
    SplittableRandom random = training ? new SplittableRandom(3) : null;
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
