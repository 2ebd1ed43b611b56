package io.camjar.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.Golden;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.train.loss.CrossEntropy;
import io.camjar.engine.train.loss.Targets;
import io.camjar.engine.train.optimizer.Adam;
import io.camjar.engine.train.optimizer.Lamb;
import io.camjar.engine.train.optimizer.Optimizer;
import io.camjar.engine.train.optimizer.ParameterGroups;
import io.camjar.engine.train.optimizer.Rule;
import io.camjar.engine.train.optimizer.Sgd;
import io.camjar.engine.train.schedule.CosineWarmup;
import io.camjar.engine.train.schedule.LearningRateSchedule;
import io.camjar.engine.train.schedule.OneCycle;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Ten steps end where PyTorch's, in double precision, end from the same start. */
class TrainingParityTests {
  private static final int STEPS = 10;
  private static final int SAMPLES = 24;
  private static final double CLOSE = 1e-4;

  @ParameterizedTest
  @CsvSource({
    "resnet18, sgd, onecycle", "resnet18, sgd, cosine",
    "resnet18, adam, onecycle", "resnet18, adam, cosine",
    "resnet18, adamw, onecycle", "resnet18, adamw, cosine",
    "depthwise, sgd, onecycle", "depthwise, sgd, cosine",
    "depthwise, adam, onecycle", "depthwise, adam, cosine",
    "depthwise, adamw, onecycle", "depthwise, adamw, cosine",
    "depthwise, nesterov, cosine", "depthwise, dampened, cosine",
    "depthwise, lamb, cosine"
  })
  void lossesWeightsStateAndStatisticsFollow(String network, String optimizer, String schedule) {
    Golden golden = Golden.read("training/%s-%s-%s".formatted(network, optimizer, schedule));
    compare(golden, train(network, rule(optimizer), rate(optimizer), schedule));
  }

  /** A checker that accepts another optimiser checks nothing. */
  @Test
  void anotherRateIsTold() {
    Golden golden = Golden.read("training/depthwise-sgd-cosine");
    Map<String, float[]> found = train("depthwise", rule("sgd"), 0.0202, "cosine");
    assertThatThrownBy(() -> compare(golden, found)).isInstanceOf(AssertionError.class);
  }

  private static Map<String, float[]> train(
      String name, Rule rule, double rate, String scheduleName) {
    boolean resnet = name.equals("resnet18");
    Architecture architecture =
        resnet
            ? ResNetSpec.named(name, new LinearHead(5)).withWidth(8)
            : DepthwiseNetwork.architecture();
    int side = resnet ? 64 : 32;
    LearningRateSchedule schedule =
        scheduleName.equals("onecycle") ? new OneCycle(STEPS) : new CosineWarmup(0, STEPS, 0, 0);
    Map<String, float[]> found = new LinkedHashMap<>();
    try (Network network = Network.of(architecture, new SyntheticParameters())) {
      Optimizer optimizer =
          new Optimizer(rule, network, ParameterGroups.decaying(network.graph(), rate, 0.05));
      Trainer trainer = new Trainer(network, CrossEntropy.smoothed(0.1), optimizer, schedule, 7);
      float[] losses = new float[STEPS];
      for (int step = 0; step < STEPS; step++) {
        int[] classes = new int[6];
        for (int i = 0; i < classes.length; i++) {
          classes[i] = (step + i * i) % 5;
        }
        try (INDArray x = SyntheticInput.images("step" + step, 6, 3, side, side)) {
          losses[step] = (float) trainer.step(x, new Targets.Classes(classes)).loss();
        }
      }
      found.put("losses", losses);
      network
          .parameters()
          .forEach((key, array) -> found.put("weights/" + key, HostCopy.floats(array)));
      optimizer.state().forEach((key, values) -> found.put(key.replaceFirst("\\.", "/"), values));
    }
    return found;
  }

  private static void compare(Golden golden, Map<String, float[]> found) {
    for (String name : golden.names()) {
      float[] expected = golden.values(name);
      boolean losses = name.equals("losses");
      int offset = losses ? 0 : 1;
      float[] values = found.get(name);
      assertThat(values).as(name).isNotNull();
      int stride = losses ? 1 : Math.max(1, (values.length + SAMPLES - 1) / SAMPLES);
      for (int i = offset; i < expected.length; i++) {
        double scale = Math.abs(losses ? expected[i] : expected[0]);
        assertThat(Math.abs(values[(i - offset) * stride] - (double) expected[i]))
            .as(
                "%s[%d] %s %s",
                name, (i - offset) * stride, values[(i - offset) * stride], expected[i])
            .isLessThanOrEqualTo(CLOSE * scale);
      }
    }
  }

  private static Rule rule(String name) {
    return switch (name) {
      case "sgd" -> new Sgd(0.9);
      case "nesterov" -> new Sgd(0.8, 0, true);
      case "dampened" -> new Sgd(0.8, 0.3, false);
      case "adam" -> Adam.plain();
      case "adamw" -> Adam.decoupledDecay();
      default -> new Lamb();
    };
  }

  private static double rate(String name) {
    return switch (name) {
      case "adam", "adamw" -> 1e-3;
      case "lamb" -> 2e-3;
      default -> 0.02;
    };
  }
}
