package io.camjar.gradcam.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.statistics.Measure;
import io.camjar.engine.statistics.Tally;
import io.camjar.engine.train.Trainer;
import io.camjar.engine.train.loss.CrossEntropy;
import io.camjar.engine.train.loss.Targets;
import io.camjar.engine.train.optimizer.Optimizer;
import io.camjar.engine.train.optimizer.ParameterGroups;
import io.camjar.engine.train.optimizer.Sgd;
import io.camjar.engine.train.schedule.LearningRateSchedule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What is gathered of an update is what the trainer did. */
class TrainingFlowTests {
  private static final double RATE = 0.01;

  private Network network;
  private TrainingFlow flow;
  private Trainer trainer;

  @BeforeEach
  void build() {
    ResNetSpec spec = ResNetSpec.named("resnet18", new LinearHead(3)).withWidth(4);
    network = Network.of(spec, new SyntheticParameters());
    flow = new TrainingFlow(network, Measure.full(), Thresholds.STANDARD, 2);
    Optimizer plain =
        new Optimizer(new Sgd(0), network, ParameterGroups.alike(network.graph(), RATE, 0));
    trainer = new Trainer(network, CrossEntropy.plain(), plain, LearningRateSchedule.constant(), 1);
    trainer.hooks(flow.hooks());
  }

  @AfterEach
  void free() {
    flow.close();
    network.close();
  }

  private void add(double share) {
    add(share, "training flow");
  }

  private void add(double share, String images) {
    try (INDArray x = SyntheticInput.images(images, 2, 3, 33, 33)) {
      trainer.add(x, new Targets.Classes(new int[] {0, 2}), share);
    }
  }

  private static double gradientNorm(FlowReport report) {
    return Math.sqrt(
        report.parameters().stream()
            .mapToDouble(ParameterFlow::gradientNorm)
            .map(v -> v * v)
            .sum());
  }

  @Test
  void gathersWhatAnUpdateDid() {
    double weights = Tally.norm(HostCopy.floats(network.parameters().get("fc.weight")));
    add(1);
    Trainer.Update update = trainer.update();
    FlowReport report = flow.take(2).orElseThrow();
    assertThat(gradientNorm(report))
        .isCloseTo(update.gradientNorm(), within(1e-5 * update.gradientNorm()));
    ParameterFlow fc =
        report.parameters().stream().filter(p -> p.name().equals("fc.weight")).findAny().get();
    assertThat(fc.norm()).isCloseTo(weights, within(1e-6 * weights));
    assertThat(fc.updateRatio())
        .isCloseTo(Math.log10(RATE * fc.gradientNorm() / weights), within(1e-3));
    assertThat(report.points().stream().map(FlowPoint::path))
        .contains("conv1", "layer2.0.add", "layer2.0.add.branch", "layer2.0.add.shortcut", "fc");
    assertThat(report.points()).allMatch(point -> point.gradient() != null);
  }

  @Test
  void gathersEverySecondUpdate() {
    for (boolean due : new boolean[] {true, false, true}) {
      add(1);
      trainer.update();
      assertThat(flow.take(2).isPresent()).isEqualTo(due);
    }
  }

  /** Their mean without the shares would be another one. */
  @Test
  void gradientsOfPartsAreSummedByTheirShares() {
    add(0.75, "most of a batch");
    add(0.25, "the rest of it");
    double norm = trainer.update().gradientNorm();
    FlowReport report = flow.take(4).orElseThrow();
    assertThat(gradientNorm(report)).isCloseTo(norm, within(1e-5 * norm));
  }
}
