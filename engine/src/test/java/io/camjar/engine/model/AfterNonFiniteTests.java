package io.camjar.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.Add;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.ReLU;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Passes share memory, and an image of infinities must leave none of them in it: not even in what
 * fills blocks of few channels.
 */
class AfterNonFiniteTests {
  private static final int SIDE = 28;

  /** Convolutions to half a block of channels next to some to whole blocks of the same size. */
  private static final Architecture FEW_CHANNELS =
      new SmallArchitecture(
          "few channels", List.of("relu1", "relu2", "relu5"), AfterNonFiniteTests::layers);

  private static int layers(GraphBuilder g, int x) {
    int first = conv(g, 1, 3, 16, 3, x);
    int wide = conv(g, 2, 16, 32, 3, first);
    int narrow = conv(g, 3, 32, 16, 1, wide);
    int same = conv(g, 6, 16, 16, 3, narrow);
    int shortcut = conv(g, 4, 16, 32, 3, first);
    int sum = g.op("add", new Add(), conv(g, 5, 16, 32, 3, same), shortcut);
    int pooled = g.op("flatten", new Flatten(), g.op("avgpool", new AdaptiveAvgPool2d(), sum));
    return g.op("fc", new Linear(32, 5, true), pooled);
  }

  private static int conv(GraphBuilder g, int number, int in, int out, int kernel, int x) {
    Conv2d conv = new Conv2d(Conv2dGeometry.square(in, out, kernel, 1, kernel / 2), true);
    return g.op("relu" + number, new ReLU(), g.op("conv" + number, conv, x));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN})
  void theNextImageIsAnsweredAsBefore(float value) {
    try (Network network = Network.of(FEW_CHANNELS, new SyntheticParameters());
        INDArray clean = SyntheticInput.images("clean", 1, 3, SIDE, SIDE);
        INDArray spoiled = clean.dup()) {
      spoiled.putScalar(new int[] {0, 0, 3, 3}, value);
      float[] before = logits(network, clean);
      float[] spoiledLogits = logits(network, spoiled);
      assertThat(logits(network, clean)).containsExactly(before);
      assertThat(logits(network, clean)).containsExactly(before);
      assertThat(spoiledLogits).isNotEqualTo(before);
    }
  }

  @Test
  void logitsAreFinite() {
    try (Network network = Network.of(FEW_CHANNELS, new SyntheticParameters());
        INDArray clean = SyntheticInput.images("clean", 1, 3, SIDE, SIDE)) {
      for (float logit : logits(network, clean)) {
        assertThat(logit).isFinite();
      }
    }
  }

  private static float[] logits(Network network, INDArray image) {
    try (INDArray logits = network.forward(image)) {
      return logits.dup().data().asFloat();
    }
  }
}
