package io.camjar.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.Agreement;
import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.Point;
import io.camjar.engine.model.Points;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.resnet.BlockKind;
import io.camjar.engine.model.resnet.HeadSpec;
import io.camjar.engine.model.resnet.LayeredHead;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.NoHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.model.resnet.SequentialHead;
import io.camjar.engine.model.resnet.Shortcut;
import io.camjar.engine.model.resnet.Stem;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Trace;
import io.camjar.engine.threads.Threads;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The fused steps give what the operations give one by one, whatever is asked for. */
class CpuBackendTests {
  /** Of the largest value; tiles of 4x4 are within 6e-6 a layer. */
  private static final double CLOSE = 3e-5;

  private record Case(ResNetSpec spec, int batch, int height, int width) {
    Network network() {
      return Network.of(spec, new SyntheticParameters());
    }

    INDArray image() {
      return SyntheticInput.images("plan", batch, spec.inChannels(), height, width);
    }

    @Override
    public String toString() {
      return "%s %s %dx%dx%d".formatted(spec.name(), spec.head(), batch, height, width);
    }
  }

  static Stream<Case> cases() {
    HeadSpec linear = new LinearHead(7);
    return Stream.of(
        new Case(spec("basic", BlockKind.BASIC, 8, 3, false, linear), 1, 64, 64),
        new Case(
            spec("basic", BlockKind.BASIC, 12, 1, false, SequentialHead.fastai1(96, 5)), 3, 65, 49),
        new Case(
            spec("bottleneck", BlockKind.BOTTLENECK, 8, 3, false, SequentialHead.fastai2(256, 4)),
            2,
            65,
            97),
        new Case(spec("deep stem", BlockKind.BOTTLENECK, 8, 3, true, linear), 1, 96, 65),
        new Case(spec("deep stem", BlockKind.BASIC, 16, 4, true, linear), 2, 33, 33),
        new Case(
            spec("wide", BlockKind.BOTTLENECK, 8, 3, false, new LinearHead(7, false))
                .withInnerWidth(12),
            1,
            65,
            49),
        new Case(spec("layers", BlockKind.BASIC, 8, 3, false, layered()), 2, 49, 33),
        new Case(spec("no classifier", BlockKind.BASIC, 8, 3, false, new NoHead()), 2, 49, 33));
  }

  private static HeadSpec layered() {
    return new LayeredHead(
        List.of(
            BatchNorm.of1d(64),
            new Linear(64, 24, false),
            new ReLU(),
            new Dropout(0.5),
            new Linear(24, 5, true)));
  }

  /** Batches whose first activations no cache keeps. */
  static Stream<Case> largeCases() {
    HeadSpec linear = new LinearHead(7);
    return Stream.of(
        new Case(spec("basic", BlockKind.BASIC, 8, 3, false, linear), 2, 385, 401),
        new Case(spec("bottleneck", BlockKind.BOTTLENECK, 8, 3, true, linear), 3, 301, 299));
  }

  private static ResNetSpec spec(
      String name, BlockKind kind, int width, int channels, boolean deep, HeadSpec head) {
    return new ResNetSpec(
        name,
        kind,
        List.of(1, 2, 1, 2),
        width,
        channels,
        deep ? new Stem.Deep(8, 12) : new Stem.Conv7(),
        deep ? Shortcut.AVG_POOL_CONV : Shortcut.CONV,
        head);
  }

  @ParameterizedTest
  @MethodSource({"cases", "largeCases"})
  void forwardGivesTheScoresOfTheLayers(Case c) {
    try (Network network = c.network();
        INDArray x = c.image();
        Trace layers = network.trace(x, List.of(), Kernels.active());
        INDArray scores = network.forward(x)) {
      assertClose("scores", scores, layers.logits());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void allPointsTogetherAreThoseOfTheLayers(Case c) {
    try (Network network = c.network()) {
      assertSame(c, network, points(network));
    }
  }

  /** Each point alone stops another fusion, and ends the way back elsewhere. */
  @ParameterizedTest
  @MethodSource("cases")
  void eachPointAloneIsThatOfTheLayers(Case c) {
    try (Network network = c.network()) {
      for (String point : points(network)) {
        assertSame(c, network, List.of(point));
      }
    }
  }

  @ParameterizedTest
  @MethodSource({"cases", "largeCases"})
  void theBlocksAreThoseOfTheLayers(Case c) {
    try (Network network = c.network()) {
      assertSame(c, network, network.points().blocks().stream().map(Point::path).toList());
    }
  }

  private static List<String> points(Network network) {
    List<String> points = new ArrayList<>();
    points.add(Points.INPUT);
    network.points().all().forEach(point -> points.add(point.path()));
    return points;
  }

  private static void assertSame(Case c, Network network, Collection<String> points) {
    try (INDArray x = c.image();
        Trace compiled = network.trace(x, points);
        Trace layers = network.trace(x, points, Kernels.active());
        INDArray dScores = oneHot(c.batch, (int) layers.logits().size(1));
        Gradients found = network.backward(compiled, dScores);
        Gradients expected = network.backward(layers, dScores)) {
      assertThat(compiled.backend()).isEqualTo("cpu");
      assertClose("scores", compiled.logits(), layers.logits());
      for (String point : points) {
        assertClose(point, compiled.activation(point), layers.activation(point));
        assertClose("gradient of " + point, found.get(point), expected.get(point));
      }
    }
  }

  private static INDArray oneHot(int batch, int classes) {
    INDArray oneHot = Nd4j.zeros(batch, classes);
    for (int i = 0; i < batch; i++) {
      oneHot.putScalar(i, (i + 2) % classes, 1);
    }
    return oneHot;
  }

  private static void assertClose(String name, INDArray found, INDArray expected) {
    assertThat(found.shape()).as(name).isEqualTo(expected.shape());
    float[] f = HostCopy.floats(found);
    float[] e = HostCopy.floats(expected);
    assertThat(Agreement.relativeMax(f, e)).as(name).isLessThan(CLOSE);
  }

  @Test
  void givesTheSameBitsFromAnyNumberOfThreads() {
    Case c = cases().toList().get(1);
    int before = Threads.shared().count();
    List<float[]> scores = new ArrayList<>();
    try (Network network = c.network();
        INDArray x = c.image()) {
      for (int threads : new int[] {1, 2, 3, 5}) {
        Threads.setCount(threads);
        try (INDArray y = network.forward(x)) {
          scores.add(HostCopy.floats(y));
        }
      }
    } finally {
      Threads.setCount(before);
    }
    scores.forEach(other -> assertThat(other).isEqualTo(scores.get(0)));
  }

  @Test
  void aSecondPassFindsNothingOfTheFirst() {
    Case c = cases().toList().get(0);
    try (Network network = c.network();
        INDArray x = c.image();
        INDArray other = SyntheticInput.images("other", 1, 3, 64, 64);
        INDArray first = network.forward(x);
        INDArray between = network.forward(other);
        INDArray again = network.forward(x)) {
      assertThat(HostCopy.floats(again)).isEqualTo(HostCopy.floats(first));
      assertThat(HostCopy.floats(between)).isNotEqualTo(HostCopy.floats(first));
    }
  }

  @Test
  void seesParametersThatWereChanged() {
    Case c = cases().toList().get(0);
    try (Network network = c.network();
        INDArray x = c.image();
        INDArray before = network.forward(x)) {
      network.update(parameters -> parameters.get("bn1.bias").addi(0.5));
      try (INDArray after = network.forward(x);
          Trace layers = network.trace(x, List.of(), Kernels.active())) {
        assertThat(HostCopy.floats(after)).isNotEqualTo(HostCopy.floats(before));
        assertClose("scores", after, layers.logits());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void guidedBackpropagationIsThatOfTheLayers(Case c) {
    List<String> points = List.of(Points.INPUT, "layer1.0.conv1", "layer3", "layer4.1.add");
    Request guided = Request.of(points).withGuidedBackprop();
    try (Network network = c.network();
        INDArray x = c.image();
        Trace compiled = network.trace(x, guided);
        Trace layers = network.trace(x, guided, Kernels.active());
        Trace plain = network.trace(x, points);
        INDArray dScores = oneHot(c.batch, (int) layers.logits().size(1));
        Gradients found = network.backward(compiled, dScores);
        Gradients expected = network.backward(layers, dScores);
        Gradients all = network.backward(plain, dScores)) {
      assertThat(compiled.backend()).isEqualTo("cpu");
      for (String point : points) {
        assertClose("gradient of " + point, found.get(point), expected.get(point));
      }
      assertThat(HostCopy.floats(found.get("layer3")))
          .isNotEqualTo(HostCopy.floats(all.get("layer3")));
    }
  }

  /** Weights are packed once: whoever only reads parameters, as CAM does, costs nothing. */
  @Test
  void readingParametersKeepsThePackedWeights() {
    Case c = cases().toList().get(0);
    try (Network network = c.network();
        INDArray x = c.image()) {
      Object plan = plan(network, x);
      assertThat(network.parameters()).containsKey("bn1.bias");
      assertThat(plan(network, x)).isSameAs(plan);
      network.update(parameters -> parameters.get("bn1.bias").addi(0.5));
      assertThat(plan(network, x)).isNotSameAs(plan);
    }
  }

  @Test
  void evaluatesCompiledAfterATrainingStep() {
    Case c = cases().toList().get(0);
    try (Network network = c.network();
        INDArray x = c.image();
        INDArray before = network.forward(x)) {
      network.traceTraining(x, List.of(), new SplittableRandom(1)).close();
      try (Trace compiled = network.trace(x, List.of());
          Trace layers = network.trace(x, List.of(), Kernels.active())) {
        assertThat(compiled.backend()).isEqualTo("cpu");
        assertClose("scores", compiled.logits(), layers.logits());
        // Batch norms have other statistics now.
        assertThat(HostCopy.floats(compiled.logits())).isNotEqualTo(HostCopy.floats(before));
      }
    }
  }

  private static Object plan(Network network, INDArray x) {
    network.forward(x).close();
    try {
      Field field = Network.class.getDeclaredField("evaluating");
      field.setAccessible(true);
      return field.get(network);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void refusesWhatDoesNotFitAsTheLayersDo() {
    Case c = cases().toList().get(0);
    try (Network network = c.network();
        INDArray gray = SyntheticInput.images("gray", 1, 1, 64, 64)) {
      assertThatThrownBy(() -> network.forward(gray))
          .isInstanceOf(CamjarException.class)
          .hasMessageContaining("expects images of shape [N, 3, H, W]");
    }
  }

  @Test
  void aWrongPassIsTold() {
    Case c = cases().toList().get(0);
    try (Network network = c.network();
        INDArray x = c.image();
        INDArray scores = network.forward(x)) {
      INDArray wrong = scores.dup();
      wrong.putScalar(0, wrong.getDouble(0) * 1.001);
      assertThatThrownBy(() -> assertClose("scores", wrong, scores))
          .isInstanceOf(AssertionError.class);
    }
  }
}
