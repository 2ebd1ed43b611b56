package io.camjar.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Trace;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Gradients of parameters as arrays, or taken without a copy. */
class GradientMemoryTests {
  private static final String WEIGHT = "layer1.0.conv1.weight";
  private static final int LENGTH = 8 * 8 * 9;

  private static Network network() {
    return Network.of(
        ResNetSpec.named("resnet18", new LinearHead(5)).withWidth(8), new SyntheticParameters());
  }

  private static Gradients backward(Network network, Trace trace) {
    try (INDArray start = HostCopy.array(new float[] {1, -1, 0, 2, 0.5f}, 1, 5)) {
      return network.backward(trace, start);
    }
  }

  @Test
  void whatIsTakenIsWhatAnArrayHoldsAndItsMemoryIsUsedAgain() {
    try (Network network = network();
        INDArray x = SyntheticInput.images("picture", 1, 3, 64, 64);
        Trace trace = network.traceTraining(x, List.of(), new SplittableRandom(1))) {
      float[] expected;
      try (Gradients gradients = backward(network, trace)) {
        expected = HostCopy.floats(gradients.parameter(WEIGHT));
        assertThat(gradients.exchange(WEIGHT, new float[LENGTH])).as("an array").isEmpty();
        assertThat(gradients.parameterNames()).contains(WEIGHT);
      }
      try (Gradients gradients = backward(network, trace)) {
        assertThat(gradients.exchange(WEIGHT, new float[LENGTH - 1])).as("too short").isEmpty();
        assertThat(gradients.exchange(WEIGHT, new float[LENGTH])).hasValue(expected);
        assertThat(gradients.parameterNames()).doesNotContain(WEIGHT);
        assertThatThrownBy(() -> gradients.parameter(WEIGHT))
            .isInstanceOf(CamjarException.class)
            .hasMessageContaining(WEIGHT);
      }
      long held = network.memory().activations();
      for (int i = 0; i < 3; i++) {
        try (Gradients gradients = backward(network, trace)) {
          assertThat(gradients.exchange(WEIGHT, new float[LENGTH])).hasValue(expected);
        }
      }
      assertThat(network.memory().activations()).isEqualTo(held);
    }
  }
}
