package io.camjar.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.CELU;
import io.camjar.engine.op.Clip;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.ELU;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.GELU;
import io.camjar.engine.op.LeakyReLU;
import io.camjar.engine.op.Maximum;
import io.camjar.engine.op.Minimum;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.PReLU;
import io.camjar.engine.op.Pointwise;
import io.camjar.engine.op.Pointwise.Function;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.op.SELU;
import io.camjar.engine.op.Shrink;
import io.camjar.engine.op.SiLU;
import io.camjar.engine.op.Tanh;
import io.camjar.engine.op.Threshold;
import io.camjar.engine.op.Where;
import io.camjar.engine.run.Backends;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Trace;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A gradient that crosses an operation whose derivative jumps asks for convolutions that round no
 * more than a direct sum, whichever operation that is.
 */
class KinksTests {
  private static final float[] BEHIND_A_RELU = convolved(new ReLU());

  static Stream<Op> withKinks() {
    return Stream.of(
        Clip.relu6(),
        new LeakyReLU(0.1),
        new PReLU(1),
        new SELU(1.6, 1.05),
        new ELU(0.5),
        new Shrink(0.5, 0.5),
        new Threshold(1),
        new Pointwise(Function.ABS),
        new Pointwise(Function.SIGN),
        new Pointwise(Function.FLOOR),
        new Pointwise(Function.CEIL),
        new Pointwise(Function.ROUND),
        new Pointwise(Function.NOT),
        new Maximum(),
        new Minimum(),
        new Where());
  }

  static Stream<Op> withoutKinks() {
    return Stream.of(
        new SiLU(),
        new GELU(false),
        new Tanh(),
        new ELU(1),
        new CELU(0.5),
        new Pointwise(Function.MISH));
  }

  @ParameterizedTest
  @MethodSource("withKinks")
  void whatIsAheadOfAKinkIsAsNearAsAheadOfARelu(Op op) {
    assertThat(convolved(op)).isEqualTo(BEHIND_A_RELU);
  }

  @ParameterizedTest
  @MethodSource("withoutKinks")
  void whatIsAheadOfASmoothFunctionNeedsNot(Op op) {
    assertThat(convolved(op)).isNotEqualTo(BEHIND_A_RELU);
  }

  /** A convolution's output in a pass whose gradient crosses an operation behind it. */
  private static float[] convolved(Op op) {
    GraphBuilder builder = new GraphBuilder();
    int x = builder.input("x");
    int maps = builder.op("conv", new Conv2d(Conv2dGeometry.square(40, 40, 3, 1, 1), true), x);
    boolean ofTwo = op instanceof Maximum || op instanceof Minimum;
    int y =
        op instanceof Where
            ? builder.op("op", op, x, maps, x)
            : ofTwo ? builder.op("op", op, maps, x) : builder.op("op", op, maps);
    int mean = builder.op("pool", new AdaptiveAvgPool2d(), y);
    builder.output(Trace.LOGITS, builder.op("flatten", new Flatten(), mean));
    Graph graph = builder.build();
    try (INDArray image = SyntheticInput.images("kinks", 1, 40, 30, 31);
        Trace trace =
            Backends.open(new CpuBackend(), graph, graph.load(new SyntheticParameters()), false)
                .trace(Map.of("x", image), Request.of(List.of("conv")), null)) {
      return HostCopy.floats(trace.activation("conv"));
    }
  }
}
