package io.camjar.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.Agreement;
import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.model.resnet.SequentialHead;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Trace;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The part of a network behind a point computes what the network computes. */
class TailTests {
  private static final Network NETWORK =
      Network.of(
          ResNetSpec.named("resnet18", SequentialHead.fastai1(64, 4)).withWidth(8),
          new SyntheticParameters());

  @AfterAll
  static void close() {
    NETWORK.close();
  }

  @ParameterizedTest
  @CsvSource({
    "input, input",
    "conv1, conv1",
    "stem, stem",
    "layer1, layer1",
    "layer3.0, layer3.0",
    "layer1.0.conv1, stem",
    "layer3.0.downsample, layer2",
    "layer3.0.downsample.0, layer2",
    "layer3.0.conv1, layer3.0.downsample",
    "layer4.1.conv2, layer4.0",
    "layer4.1.add, layer4.1.add",
    "0.7, layer4",
  })
  void fromItsOwnOutputAPointLeadsToTheNetworksScores(String point, String start) {
    Tail tail = NETWORK.tail(point);

    assertThat(tail.start()).isEqualTo(start);
    try (INDArray x = images();
        Trace trace = NETWORK.trace(x, List.of(point, start), Kernels.active());
        INDArray scores = tail.forward(trace.activation(start), activation(trace, point));
        Trace compiled = NETWORK.trace(x, List.of(point, start))) {
      float[] layers = HostCopy.floats(trace.logits());
      assertThat(Agreement.relativeMax(HostCopy.floats(scores), layers)).isLessThan(1e-5);
      float[] other = HostCopy.floats(compiled.logits());
      assertThat(Agreement.relativeMax(HostCopy.floats(scores), other)).isLessThan(1e-5);
    }
  }

  @Test
  void anotherOutputLeadsToOtherScores() {
    Tail tail = NETWORK.tail("layer4.1.conv2");
    try (INDArray x = images();
        Trace trace = NETWORK.trace(x, List.of("layer4.0", "layer4.1.conv2"));
        INDArray nothing = Nd4j.zeros(trace.activation("layer4.1.conv2").shape());
        INDArray scores = tail.forward(trace.activation("layer4.0"), nothing)) {
      assertThat(HostCopy.floats(scores)).isNotEqualTo(HostCopy.floats(trace.logits()));
    }
  }

  @Test
  void anOutputOfTheWrongShapeIsRefused() {
    Tail tail = NETWORK.tail("layer4.1.conv2");
    try (INDArray x = images();
        Trace trace = NETWORK.trace(x, List.of("layer4.0"));
        INDArray wrong = Nd4j.zeros(1, 64, 3, 2)) {
      assertThatThrownBy(() -> tail.forward(trace.activation("layer4.0"), wrong))
          .isInstanceOf(CamjarException.class)
          .hasMessageContaining("layer4.1.conv2")
          .hasMessageContaining("[1, 64, 3, 2], expected [2, 64, 3, 2]");
    }
  }

  @Test
  void theImageIsAPointWithAGradientOfItsOwn() {
    Conv2dGeometry first = Conv2dGeometry.square(3, 8, 7, 2, 3);
    try (INDArray x = images();
        INDArray dLogits = Nd4j.ones(2, 4);
        Trace trace = NETWORK.trace(x, List.of("input", "conv1"));
        Gradients gradients = NETWORK.backward(trace, dLogits);
        INDArray expected =
            Kernels.active()
                .conv2dBackwardInput(
                    first,
                    gradients.get("conv1"),
                    NETWORK.parameters().get("conv1.weight"),
                    65,
                    49)) {
      assertThat(HostCopy.floats(gradients.get("input"))).isEqualTo(HostCopy.floats(expected));
      assertThat(HostCopy.floats(trace.activation("input"))).isEqualTo(HostCopy.floats(x));
    }
  }

  private static INDArray activation(Trace trace, String point) {
    return trace.activation(NETWORK.points().resolve(point).path());
  }

  private static INDArray images() {
    return SyntheticInput.images("tail", 2, 3, 65, 49);
  }
}
