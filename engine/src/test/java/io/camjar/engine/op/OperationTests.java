package io.camjar.engine.op;

import static io.camjar.engine.Agreement.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.CheckedValues;
import io.camjar.engine.Golden;
import io.camjar.engine.backend.array.ArrayBackend;
import io.camjar.engine.check.GradientCheck;
import io.camjar.engine.check.GradientReport;
import io.camjar.engine.check.GraphCheck;
import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.graph.Parameters;
import io.camjar.engine.kernel.Nd4jKernels;
import io.camjar.engine.kernel.ReferenceKernels;
import io.camjar.engine.run.Backends;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Session;
import io.camjar.engine.run.Trace;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Every operation against PyTorch on each backend, and its backward against central differences at
 * the same shapes.
 *
 * <p>{@code src/test/python/make_operation_goldens.py} makes the golden files; a case has the same
 * name there and in {@link OperationCases}.
 */
class OperationTests {
  private static final double TOLERANCE = 2e-6;
  private static final String PATH = "layer";
  private static final List<String> BACKENDS = List.of("reference", "nd4j", "chosen");

  @TestFactory
  Stream<DynamicTest> operationsComputeWhatPyTorchComputes() {
    return cases()
        .flatMap(
            c ->
                BACKENDS.stream()
                    .map(
                        backend ->
                            DynamicTest.dynamicTest(
                                c.name + " on " + backend, () -> c.compare(backend))));
  }

  @TestFactory
  Stream<DynamicTest> backwardAgreesWithDifferences() {
    return cases().map(c -> DynamicTest.dynamicTest(c.name, c::differentiate));
  }

  private static Stream<Case> cases() {
    return OperationCases.FILES.entrySet().stream()
        .flatMap(
            file -> {
              Golden golden = Golden.read("operations/" + file.getKey());
              List<String> names =
                  golden.facts("case").stream().map(words -> words.get(0)).toList();
              assertThat(names).containsExactlyInAnyOrderElementsOf(file.getValue().keySet());
              return names.stream().map(name -> new Case(golden, name, file.getValue().get(name)));
            });
  }

  private static Session<?> open(
      String backend, Graph graph, Map<String, INDArray> parameters, boolean training) {
    return switch (backend) {
      case "reference" ->
          Backends.open(new ArrayBackend(new ReferenceKernels()), graph, parameters, training);
      case "nd4j" ->
          Backends.open(new ArrayBackend(new Nd4jKernels()), graph, parameters, training);
      default -> Backends.open(graph, parameters, training);
    };
  }

  /** An operation with its inputs and what PyTorch made of them. */
  private record Case(Golden golden, String name, Op op) {

    private int inputs() {
      return (int) golden.namesUnder(name + "/input").count();
    }

    private Graph graph() {
      GraphBuilder graph = new GraphBuilder();
      int[] inputs = new int[inputs()];
      for (int i = 0; i < inputs.length; i++) {
        inputs[i] = graph.input("x" + i);
      }
      graph.output("y", graph.op(PATH, op, inputs));
      return graph.build();
    }

    void compare(String backend) {
      compare(backend, false);
      if (!op.parameters().isEmpty()) {
        compare(backend, true);
      }
    }

    /** These operations do the same in both modes; parameters have gradients where it trains. */
    private void compare(String backend, boolean training) {
      Map<String, INDArray> parameters = new HashMap<>();
      golden
          .namesUnder(name + "/parameter/")
          .forEach(
              key -> parameters.put(PATH + "." + key, golden.array(name + "/parameter/" + key)));
      Map<String, INDArray> inputs = new LinkedHashMap<>();
      for (int i = 0; i < inputs(); i++) {
        inputs.put("x" + i, golden.array(name + "/input" + i));
      }
      Graph graph = graph();
      Session<?> session = open(backend, graph, graph.load(Parameters.of(parameters)), training);
      Request request = new Request(inputs.keySet(), training, training);
      SplittableRandom random = training ? new SplittableRandom(0) : null;
      try (INDArray dy = golden.array(name + "/cotangent");
          Trace trace = session.trace(inputs, request, random);
          Gradients gradients = trace.backward(Map.of("y", dy))) {
        assertClose(golden, name + "/output", trace.output("y"), TOLERANCE);
        for (int i = 0; i < inputs.size(); i++) {
          assertClose(golden, name + "/gradient" + i, gradients.get("x" + i), TOLERANCE);
        }
        for (String parameter : training ? parameters.keySet() : Set.<String>of()) {
          assertClose(
              golden,
              name + "/parameterGradient/" + parameter.substring(PATH.length() + 1),
              gradients.parameter(parameter),
              TOLERANCE);
        }
      }
    }

    void differentiate() {
      Map<String, INDArray> inputs = new LinkedHashMap<>();
      for (int i = 0; i < inputs(); i++) {
        INDArray x = CheckedValues.spread(11 + i, golden.array(name + "/input" + i).shape());
        // Inputs of one size have the same values in another order; none is to meet its equal.
        x.addi(i * 0.8 / x.length());
        // Where the function has no value left of zero.
        inputs.put("x" + i, OperationCases.POSITIVE.contains(name) ? x.addi(1.4) : x);
      }
      GradientReport report =
          new GraphCheck(GradientCheck.standard(), new ArrayBackend(new ReferenceKernels()), false)
              .check(graph(), CheckedValues.parameters(), inputs, 7);
      assertThat(report.passed()).as(report.toString()).isTrue();
    }
  }
}
