package io.camjar.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.Agreement;
import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.resnet.BlockKind;
import io.camjar.engine.model.resnet.HeadSpec;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.model.resnet.SequentialHead;
import io.camjar.engine.model.resnet.Shortcut;
import io.camjar.engine.model.resnet.Stem;
import io.camjar.engine.op.AdaptiveConcatPool2d;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Trace;
import io.camjar.engine.threads.Threads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A fused training step gives what the operations give one by one. */
class CpuTrainingTests {
  /** Of the largest value. */
  private static final double CLOSE = 1e-4;

  private static final float RATE = 0.01f;

  private record Case(ResNetSpec spec, int batch, int height, int width) {
    Network network() {
      return Network.of(spec, new SyntheticParameters());
    }

    INDArray images() {
      return SyntheticInput.images("training", batch, spec.inChannels(), height, width);
    }

    @Override
    public String toString() {
      return "%s %s %dx%dx%d".formatted(spec.name(), spec.head(), batch, height, width);
    }
  }

  /** What a step leaves: scores, gradients, and buffers that have moved. */
  private record Step(float[] scores, Map<String, float[]> gradients, Map<String, float[]> all) {}

  static Stream<Case> cases() {
    HeadSpec linear = new LinearHead(7);
    HeadSpec normed =
        new SequentialHead(
            "normed",
            List.of(
                new AdaptiveConcatPool2d(),
                new Flatten(),
                BatchNorm.of1d(128),
                new Linear(128, 24, true),
                new ReLU(),
                BatchNorm.of1d(24),
                new Linear(24, 5, false)));
    return Stream.of(
        new Case(spec("basic", BlockKind.BASIC, 8, 3, false, linear), 4, 64, 64),
        new Case(spec("basic", BlockKind.BASIC, 8, 1, false, normed), 6, 65, 49),
        new Case(spec("bottleneck", BlockKind.BOTTLENECK, 8, 3, false, linear), 3, 97, 65),
        new Case(spec("deep stem", BlockKind.BASIC, 12, 4, true, linear), 3, 80, 64),
        new Case(
            spec("dropout", BlockKind.BASIC, 8, 3, false, SequentialHead.fastai2(64, 5)),
            5,
            64,
            49));
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
  @MethodSource("cases")
  void aStepGivesTheGradientsOfTheLayers(Case c) {
    try (Network compiled = c.network();
        Network layers = c.network();
        INDArray x = c.images()) {
      assertClose(step(compiled, x, true), step(layers, x, false));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aStepSeesTheParametersThatAStepChanged(Case c) {
    try (Network compiled = c.network();
        Network layers = c.network();
        INDArray x = c.images()) {
      Step first = step(compiled, x, true);
      descend(compiled, first);
      // The same change, so that what rounding did to the first step is not compared.
      step(layers, x, false);
      descend(layers, first);
      Step second = step(compiled, x, true);
      assertThat(second.scores).isNotEqualTo(first.scores);
      assertClose(second, step(layers, x, false));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void tracedPointsHaveTheActivationsAndGradientsOfTheLayers(Case c) {
    List<String> points =
        List.of("input", "conv1", "layer1.0.bn2", "layer2.0.add", "layer4", "bn1");
    Request request = Request.training().withPoints(points);
    try (Network compiled = c.network();
        Network layers = c.network();
        INDArray x = c.images()) {
      Step step = step(compiled, x, true, request);
      assertThat(step.gradients).containsKeys("at input", "output of layer2.0.add", "bn1.weight");
      assertClose(step, step(layers, x, false, request));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void frozenLayersHaveNoGradientAndTheOthersTheSame(Case c) {
    Request request =
        Request.training().withFrozen(List.of("stem", "layer1", "layer2.0.bn1", "layer3"));
    try (Network frozen = c.network();
        Network layers = c.network();
        Network whole = c.network();
        INDArray x = c.images()) {
      Step step = step(frozen, x, true, request);
      assertClose(step, step(layers, x, false, request));
      assertThat(step.gradients.keySet())
          .contains("layer2.0.conv1.weight", "layer4.0.bn1.bias")
          .noneMatch(name -> name.startsWith("layer1") || name.startsWith("layer3"))
          .doesNotContain("layer2.0.bn1.weight");
      Step all = step(whole, x, true);
      step.gradients.forEach(
          (name, gradient) -> assertThat(gradient).as(name).isEqualTo(all.gradients.get(name)));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void normsThatUseTheirRunningStatisticsLeaveThem(Case c) {
    List<String> kept = List.of("layer1.0", "layer2.0.bn2");
    Request request =
        Request.training().withFrozen(List.of("bn1", "layer1.0.bn1")).withRunning(kept);
    try (Network fused = c.network();
        Network layers = c.network();
        INDArray x = c.images()) {
      Step first = step(fused, x, true, request);
      assertClose(first, step(layers, x, false, request));
      Map<String, float[]> before = first.all;
      step(fused, x, true, request)
          .all
          .forEach(
              (name, values) -> {
                if (name.contains(".running_")) {
                  boolean stays = kept.stream().anyMatch(top -> name.startsWith(top + "."));
                  assertThat(Arrays.equals(values, before.get(name))).as(name).isEqualTo(stays);
                }
              });
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesTheSameBitsFromAnyNumberOfThreads(Case c) {
    int before = Threads.shared().count();
    List<Step> steps = new ArrayList<>();
    try (INDArray x = c.images()) {
      for (int threads : new int[] {1, 2, 3, 5}) {
        Threads.setCount(threads);
        try (Network network = c.network()) {
          steps.add(step(network, x, true));
        }
      }
    } finally {
      Threads.setCount(before);
    }
    for (Step step : steps) {
      assertThat(step.scores).isEqualTo(steps.get(0).scores);
      assertThat(step.gradients).usingRecursiveComparison().isEqualTo(steps.get(0).gradients);
      assertThat(step.all).usingRecursiveComparison().isEqualTo(steps.get(0).all);
    }
  }

  @Test
  void aSecondStepFindsNothingOfTheFirst() {
    Case c = cases().toList().get(0);
    try (Network network = c.network();
        INDArray x = c.images();
        INDArray other = SyntheticInput.images("other", 2, 3, 96, 64)) {
      Step first = step(network, x, true);
      step(network, other, true);
      Step again = step(network, x, true);
      assertThat(again.scores).isEqualTo(first.scores);
      assertThat(again.gradients).usingRecursiveComparison().isEqualTo(first.gradients);
    }
  }

  @Test
  void aTraceCanBeWalkedBackTwice() {
    Case c = cases().toList().get(0);
    try (Network network = c.network();
        INDArray x = c.images();
        Trace trace = network.traceTraining(x, List.of(), new SplittableRandom(1));
        INDArray dScores = scoreGradient(trace);
        Gradients first = network.backward(trace, dScores);
        Gradients second = network.backward(trace, dScores)) {
      assertThat(first.parameterNames()).isEqualTo(second.parameterNames());
      for (String name : first.parameterNames()) {
        assertThat(HostCopy.floats(first.parameter(name)))
            .isEqualTo(HostCopy.floats(second.parameter(name)));
      }
    }
  }

  @Test
  void refusesWhatDoesNotFitAsTheLayersDo() {
    Case c = cases().toList().get(0);
    try (Network network = c.network();
        INDArray gray = SyntheticInput.images("gray", 2, 1, 64, 64)) {
      assertThatThrownBy(() -> network.traceTraining(gray, List.of(), new SplittableRandom(1)))
          .isInstanceOf(CamjarException.class)
          .hasMessageContaining("expects images of shape [N, 3, H, W]");
    }
  }

  @Test
  void aWrongStepIsTold() {
    Case c = cases().toList().get(0);
    try (Network network = c.network();
        Network changed = c.network();
        INDArray x = c.images()) {
      changed.update(parameters -> parameters.get("layer4.1.conv2.weight").muli(1.01));
      assertThatThrownBy(() -> assertClose(step(changed, x, true), step(network, x, false)))
          .isInstanceOf(AssertionError.class);
    }
  }

  private static Step step(Network network, INDArray x, boolean compiled) {
    return step(network, x, compiled, Request.training());
  }

  private static Step step(Network network, INDArray x, boolean compiled, Request request) {
    SplittableRandom random = new SplittableRandom(1);
    try (Trace trace =
            compiled
                ? network.traceTraining(x, request, random)
                : network.traceTraining(x, request, random, Kernels.active());
        INDArray dScores = scoreGradient(trace);
        Gradients gradients = network.backward(trace, dScores)) {
      assertThat(trace.backend().equals("cpu")).isEqualTo(compiled);
      Map<String, float[]> found = new LinkedHashMap<>();
      for (String name : gradients.parameterNames()) {
        found.put(name, HostCopy.floats(gradients.parameter(name)));
      }
      for (String point : request.points()) {
        found.put("output of " + point, HostCopy.floats(trace.activation(point)));
        found.put("at " + point, HostCopy.floats(gradients.get(point)));
      }
      Map<String, float[]> all = new LinkedHashMap<>();
      network.parameters().forEach((name, array) -> all.put(name, HostCopy.floats(array)));
      return new Step(HostCopy.floats(trace.logits()), found, all);
    }
  }

  /** Any gradient that depends on the scores and differs from image to image. */
  private static INDArray scoreGradient(Trace trace) {
    INDArray gradient = Nd4j.zeros(trace.logits().shape());
    float[] scores = HostCopy.floats(trace.logits());
    for (int i = 0; i < scores.length; i++) {
      gradient.putScalar(i, Math.tanh(scores[i]) + (i % 3 - 1) * 0.5);
    }
    return gradient;
  }

  private static void descend(Network network, Step step) {
    network.update(
        parameters ->
            step.gradients.forEach(
                (name, gradient) -> {
                  INDArray parameter = parameters.get(name);
                  try (INDArray change = HostCopy.array(gradient, parameter.shape())) {
                    parameter.subi(change.muli(RATE));
                  }
                }));
  }

  private static void assertClose(Step found, Step expected) {
    assertClose("scores", found.scores, expected.scores);
    assertThat(found.gradients.keySet()).isEqualTo(expected.gradients.keySet());
    expected.gradients.forEach(
        (name, e) -> assertClose("gradient of " + name, found.gradients.get(name), e));
    expected.all.forEach((name, e) -> assertClose(name, found.all.get(name), e));
  }

  private static void assertClose(String name, float[] found, float[] expected) {
    assertThat(found).as(name).hasSameSizeAs(expected);
    assertThat(Agreement.relativeMax(found, expected)).as(name).isLessThan(CLOSE);
  }
}
