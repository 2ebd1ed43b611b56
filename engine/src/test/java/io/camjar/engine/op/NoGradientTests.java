package io.camjar.engine.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.backend.array.ArrayBackend;
import io.camjar.engine.backend.cpu.CpuBackend;
import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Nd4jKernels;
import io.camjar.engine.kernel.ReferenceKernels;
import io.camjar.engine.op.Pointwise.Function;
import io.camjar.engine.run.Backend;
import io.camjar.engine.run.Backends;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Trace;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Operations that pass no gradient pass none of an infinite one either, such as that of the
 * logarithm of a mask: {@code x + log(mask(x))} has the gradient of {@code x}, as in PyTorch.
 */
class NoGradientTests {

  static Stream<Op> operations() {
    return Stream.concat(
        Stream.of(Function.SIGN, Function.FLOOR, Function.CEIL, Function.ROUND, Function.NOT)
            .map(Pointwise::new),
        Arrays.stream(Compare.Relation.values()).map(Compare::new));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void theLogarithmOfAMaskAddsNoGradient(Op op) {
    for (Backend backend :
        List.of(
            new ArrayBackend(new ReferenceKernels()),
            new ArrayBackend(new Nd4jKernels()),
            new CpuBackend())) {
      assertThat(gradient(backend, op)).as(backend.toString()).containsOnly(1);
    }
  }

  private static float[] gradient(Backend backend, Op op) {
    GraphBuilder builder = new GraphBuilder();
    int x = builder.op("x", new Pointwise(Function.NEG), builder.input("image"));
    int third = builder.op("third", new Pointwise(Function.SQRT), builder.input("squares"));
    int mask = op instanceof Compare ? builder.op("mask", op, x, third) : builder.op("mask", op, x);
    int log = builder.op("log", new Pointwise(Function.LOG), mask);
    builder.output(Trace.LOGITS, builder.op("sum", new Add(), x, log));
    Graph graph = builder.build();
    try (INDArray image = Nd4j.createFromArray(new float[][] {{-2, -0.25f, 0, 0.5f}});
        INDArray squares = Nd4j.createFromArray(new float[][] {{0, 0.0625f, 0, 4}});
        INDArray ones = Nd4j.createFromArray(new float[][] {{1, 1, 1, 1}});
        Trace trace =
            Backends.open(backend, graph, Map.of(), false)
                .trace(
                    Map.of("image", image, "squares", squares), Request.of(List.of("x")), null)) {
      return HostCopy.floats(trace.backward(Map.of(Trace.LOGITS, ones)).get("x"));
    }
  }
}
