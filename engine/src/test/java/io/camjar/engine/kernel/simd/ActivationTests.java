package io.camjar.engine.kernel.simd;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.kernel.simd.Activation.Kind;
import io.camjar.engine.op.Clip;
import io.camjar.engine.op.Elementwise;
import io.camjar.engine.op.GELU;
import io.camjar.engine.op.Hardsigmoid;
import io.camjar.engine.op.Hardswish;
import io.camjar.engine.op.LeakyReLU;
import io.camjar.engine.op.Sigmoid;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each function on vectors gives what its definition gives in double precision. */
class ActivationTests {
  /** Of the value, or of numbers around 1 where the value is small. */
  private static final double CLOSE = 3e-7;

  static Stream<Arguments> functions() {
    return Stream.of(
        Arguments.of(new Activation(Kind.CLIP, -1, 6), new Clip(-1, 6)),
        Arguments.of(new Activation(Kind.LEAKY_RELU, 0.01f, 0), new LeakyReLU(0.01)),
        Arguments.of(new Activation(Kind.SIGMOID), new Sigmoid()),
        Arguments.of(new Activation(Kind.HARDSIGMOID, 0.2f, 0.5f), new Hardsigmoid(0.2f, 0.5)),
        Arguments.of(new Activation(Kind.HARDSWISH), new Hardswish()),
        Arguments.of(new Activation(Kind.GELU), new GELU(false)),
        Arguments.of(new Activation(Kind.GELU_TANH), new GELU(true)));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("functions")
  void givesItsDefinition(Activation function, Elementwise definition) {
    float[] x = numbers();
    float[] y = new float[x.length];
    function.forward(x, 0, y, 0, x.length);
    for (int i = 0; i < x.length; i++) {
      double expected = definition.value(x[i]);
      assertThat((double) y[i])
          .as("f(%s)", x[i])
          .isCloseTo(expected, within(CLOSE * Math.max(Math.abs(x[i]), Math.abs(expected))));
    }
  }

  private static Offset<Double> within(double distance) {
    return Offset.offset(Math.max(distance, 1e-7));
  }

  private static float[] numbers() {
    float[] x = new float[4096];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i - x.length / 2) * 100f / x.length;
    }
    return x;
  }

  /** Relative to the value itself, over all that single precision can tell. */
  @Test
  void theExponentialIsExactToItsLastBits() {
    float[] x = numbers();
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i += Lanes.COUNT) {
      VectorMath.exp(FloatVector.fromArray(Lanes.SPECIES, x, i)).intoArray(y, i);
    }
    for (int i = 0; i < x.length; i++) {
      assertThat(y[i] / Math.exp(x[i]) - 1).as("exp(%s)", x[i]).isBetween(-2e-7, 2e-7);
    }
  }
}
