package io.camjar.engine.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.Agreement;
import io.camjar.engine.device.Devices;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Trace;
import io.camjar.engine.train.Trainer;
import io.camjar.engine.train.loss.CrossEntropy;
import io.camjar.engine.train.loss.Targets;
import io.camjar.engine.train.optimizer.Optimizer;
import io.camjar.engine.train.optimizer.ParameterGroups;
import io.camjar.engine.train.optimizer.Sgd;
import io.camjar.engine.train.schedule.LearningRateSchedule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A small ResNet learns on a device what it learns on the CPU. */
@OnDevice
class GpuTrainingTests {
  /** Of the largest value of a parameter. */
  private static final double CLOSE = 1e-5;

  private static final int BATCH = 4;
  private static final Targets TARGETS = new Targets.Classes(new int[] {1, 7, 0, 3});

  private static Network network() {
    ResNetSpec spec = ResNetSpec.named("resnet18", new LinearHead(10));
    return Network.of(
        new ResNetSpec(
            "resnet18",
            spec.block(),
            List.of(1, 1, 1, 1),
            8,
            spec.inChannels(),
            spec.stem(),
            spec.shortcut(),
            spec.head()),
        new SyntheticParameters());
  }

  /** Three steps of SGD with momentum: weights, what norms learn and their running statistics. */
  @Test
  void threeStepsAreThoseOfTheCpu() {
    Map<String, float[]> expected = on(Devices.CPU, GpuTrainingTests::threeSteps);
    Map<String, float[]> found = on("opencl", GpuTrainingTests::threeSteps);
    assertClose(found, expected);
  }

  /** What {@code gradflow} asks for: an evaluating pass with gradients of all parameters. */
  @Test
  void gradientsOfParametersOfAPassThatEvaluatesAreThoseOfTheCpu() {
    Map<String, float[]> expected = on(Devices.CPU, GpuTrainingTests::evaluated);
    Map<String, float[]> found = on("opencl", GpuTrainingTests::evaluated);
    assertThat(found).hasSizeGreaterThan(30);
    assertClose(found, expected);
  }

  private interface Work {
    Map<String, float[]> run();
  }

  private static Map<String, float[]> on(String device, Work work) {
    String before = System.getProperty(Devices.PROPERTY);
    try {
      Devices.select(device);
      return work.run();
    } finally {
      if (before == null) {
        System.clearProperty(Devices.PROPERTY);
      } else {
        System.setProperty(Devices.PROPERTY, before);
      }
    }
  }

  private static Map<String, float[]> threeSteps() {
    Map<String, float[]> all = new LinkedHashMap<>();
    try (Network network = network()) {
      Optimizer optimizer =
          new Optimizer(new Sgd(0.9), network, ParameterGroups.alike(network.graph(), 0.02, 1e-4));
      Trainer trainer =
          new Trainer(network, CrossEntropy.plain(), optimizer, LearningRateSchedule.constant(), 5);
      for (int step = 0; step < 3; step++) {
        try (INDArray x = SyntheticInput.images("step" + step, BATCH, 3, 64, 96)) {
          Trainer.Part part = trainer.step(x, TARGETS);
          all.put("logits of step " + step, part.logits());
        }
      }
      network.parameters().forEach((name, parameter) -> all.put(name, HostCopy.floats(parameter)));
    }
    return all;
  }

  private static Map<String, float[]> evaluated() {
    Map<String, float[]> all = new LinkedHashMap<>();
    Request request = Request.of(List.of("layer2")).withParameterGradients();
    try (Network network = network();
        INDArray x = SyntheticInput.images("learns", 2, 3, 64, 96);
        Trace trace = network.trace(x, request);
        INDArray seed = Nd4j.ones(2, 10);
        Gradients gradients = network.backward(trace, seed)) {
      all.put("gradient at layer2", HostCopy.floats(gradients.get("layer2")));
      for (String name : gradients.parameterNames()) {
        all.put("gradient of " + name, HostCopy.floats(gradients.parameter(name)));
      }
      assertThat(trace.backend())
          .isEqualTo(Devices.selected().equals(Devices.CPU) ? trace.backend() : "opencl");
    }
    return all;
  }

  private static void assertClose(Map<String, float[]> found, Map<String, float[]> expected) {
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (what, e) ->
            assertThat(Agreement.relativeMax(found.get(what), e)).as(what).isLessThan(CLOSE));
  }
}
