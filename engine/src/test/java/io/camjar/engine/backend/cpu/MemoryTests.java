package io.camjar.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.CamjarException;
import io.camjar.engine.graph.Parameters;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.MemoryUse;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a network holds, and that it holds less where memory is to be low. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class MemoryTests {
  private static final String PROPERTY = "camjar.memory";

  /** Of a ResNet-18 with five classes. */
  private static final long PARAMETERS = 4L * (11_176_512 + 9_600 + 512 * 5 + 5);

  @AfterEach
  void asBefore() {
    System.clearProperty(PROPERTY);
  }

  private static float[] logits(Network network) {
    try (INDArray x = SyntheticInput.images("picture", 1, 3, 224, 224);
        INDArray logits = network.forward(x)) {
      return HostCopy.floats(logits);
    }
  }

  private static Network resnet18() {
    Network network =
        Network.of(ResNetSpec.named("resnet18", new LinearHead(5)), new SyntheticParameters());
    network.readParameters();
    return network;
  }

  @Test
  void lowMakesNoLargeTransformedWeights() {
    try (Network network = resnet18();
        Network small = resnet18()) {
      assertThat(network.memory()).isEqualTo(new MemoryUse(PARAMETERS, 0, 0, 0));
      float[] expected = logits(network);
      System.setProperty(PROPERTY, "low");
      float[] found = logits(small);
      MemoryUse fast = network.memory();
      MemoryUse low = small.memory();
      // Convolutions of 64 and 128 channels to as many, four and three of them: 9.4 MB.
      assertThat(low.transformed()).isBetween(1L, 10L << 20);
      assertThat(fast.transformed()).isGreaterThan(2 * low.transformed());
      assertThat(low.packed() + low.transformed()).isLessThan(PARAMETERS + (8L << 20));
      assertThat(low.total()).isLessThan(fast.total());
      assertThat(low.activations()).isPositive();
      assertThat(low.parameters()).isEqualTo(PARAMETERS);
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i]).isCloseTo(expected[i], within(1e-3f));
      }
    }
  }

  @Test
  void numbersThatCanBeReadAgainAreNotHeld() {
    Parameters source = new SyntheticParameters();
    try (Network network = Network.of(ResNetSpec.named("resnet18", new LinearHead(5)), source)) {
      assertThat(network.memory().parameters()).isZero();
      logits(network);
      assertThat(network.memory().parameters()).isLessThan(PARAMETERS / 100);
    }
  }

  @Test
  void aSecondPassTakesNoMore() {
    try (Network network = resnet18()) {
      logits(network);
      MemoryUse once = network.memory();
      logits(network);
      assertThat(network.memory()).isEqualTo(once);
    }
  }

  @Test
  void anotherWordIsRefused() {
    System.setProperty(PROPERTY, "much");
    try (Network network = resnet18()) {
      assertThatThrownBy(() -> logits(network))
          .isInstanceOf(CamjarException.class)
          .hasMessage("property camjar.memory must be low or fast, found 'much'");
    }
  }
}
