package io.camjar.gradcam.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.statistics.Measure;
import io.camjar.gradcam.flow.Finding.Kind;
import io.camjar.gradcam.flow.Finding.Tensor;
import io.camjar.weights.Checkpoints;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Every finding fires where something is wrong, and none where nothing is. */
class GradientFlowTests {
  private static FlowReport flow(Consumer<Network> change, int... batches) {
    ResNetSpec spec = ResNetSpec.named("resnet18", new LinearHead(3)).withWidth(4);
    try (Network network = Network.of(spec, new SyntheticParameters());
        GradientFlow flow = new GradientFlow(network, Measure.full())) {
      change.accept(network);
      for (int i = 0; i < batches.length; i++) {
        try (INDArray x = SyntheticInput.images("flow" + i, batches[i], 3, 64, 64)) {
          flow.add(x, logits -> new float[] {1, 0, 0});
        }
      }
      return flow.report(Thresholds.STANDARD);
    }
  }

  /** The built-in model, its weights times a factor. */
  private static FlowReport ofBuiltIn(double factor) {
    try (Network network = Checkpoints.builtin().network();
        GradientFlow flow = new GradientFlow(network, Measure.plain());
        INDArray x = SyntheticInput.images("built-in", 1, 3, 64, 64)) {
      times(factor).accept(network);
      flow.add(x, logits -> seed(logits.length));
      return flow.report(Thresholds.STANDARD);
    }
  }

  private static float[] seed(int classes) {
    float[] seed = new float[classes];
    seed[0] = 1;
    return seed;
  }

  private static Consumer<Network> times(double factor) {
    return network ->
        network.update(
            parameters ->
                parameters.forEach(
                    (name, values) -> {
                      if (name.endsWith("weight")) {
                        values.muli(factor);
                      }
                    }));
  }

  private static Consumer<Network> fill(String parameter, double value) {
    return network -> network.update(parameters -> parameters.get(parameter).assign(value));
  }

  private static Finding first(FlowReport report, Kind kind, Tensor of) {
    return report.findings().stream()
        .filter(finding -> finding.kind() == kind && finding.of() == of)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aHealthyNetworkHasNoFindings() {
    assertThat(flow(network -> {}, 2).findings()).isEmpty();
  }

  @Test
  void weightsThatAreThreeTimesTooLargeExplode() {
    FlowReport report = flow(times(3), 1);
    assertThat(first(report, Kind.EXPLODING, Tensor.ACTIVATION).path()).startsWith("layer1.0.");
    assertThat(first(report, Kind.EXPLODING, Tensor.GRADIENT).path()).startsWith("layer");
    assertThat(report.findings()).noneMatch(finding -> finding.kind() == Kind.VANISHING);
  }

  @Test
  void weightsThatAreAThirdVanish() {
    FlowReport report = flow(times(1 / 3.0), 1);
    assertThat(first(report, Kind.VANISHING, Tensor.GRADIENT).points()).isGreaterThan(1);
    assertThat(report.findings()).noneMatch(finding -> finding.kind() == Kind.EXPLODING);
  }

  @Test
  void theBuiltInModelIsHealthyUntilItsWeightsAreThreeTimesOrAThirdOfWhatTheyWere() {
    assertThat(ofBuiltIn(1).findings()).isEmpty();
    FlowReport tripled = ofBuiltIn(3);
    assertThat(first(tripled, Kind.EXPLODING, Tensor.ACTIVATION).path())
        .isEqualTo("layer1.0.conv2");
    assertThat(first(tripled, Kind.EXPLODING, Tensor.GRADIENT).path()).isEqualTo("layer4.0.relu1");
    FlowReport divided = ofBuiltIn(1 / 3.0);
    assertThat(first(divided, Kind.VANISHING, Tensor.GRADIENT).path()).isEqualTo("layer4.2.conv2");
    assertThat(divided.findings()).noneMatch(finding -> finding.kind() == Kind.EXPLODING);
  }

  @Test
  void unitsThatAreNeverPositiveAreDead() {
    FlowReport report = flow(fill("layer2.0.bn1.bias", -1000), 2);
    Finding dead = first(report, Kind.DEAD, Tensor.ACTIVATION);
    assertThat(dead.path()).isEqualTo("layer2.0.relu1");
    assertThat(dead.value()).isEqualTo(1);
  }

  @Test
  void theFirstValueThatIsNotFiniteIsNamed() {
    FlowReport report = flow(fill("layer3.1.bn2.bias", Double.NaN), 1);
    assertThat(first(report, Kind.NON_FINITE, Tensor.ACTIVATION).path()).isEqualTo("layer3.1.bn2");
  }

  @Test
  void branchAndShortcutFollowTheSumOfTheirBlock() {
    List<String> paths = flow(network -> {}, 1).points().stream().map(FlowPoint::path).toList();
    int sum = paths.indexOf("layer2.0.add");
    assertThat(paths.subList(sum + 1, sum + 3))
        .containsExactly("layer2.0.add.branch", "layer2.0.add.shortcut");
  }

  @Test
  void batchesAddUp() {
    FlowReport report = flow(network -> {}, 1, 2);
    assertThat(report.images()).isEqualTo(3);
    assertThat(report.points().get(0).activation().count()).isEqualTo(3L * 4 * 32 * 32);
    assertThat(report.parameters()).allMatch(parameter -> parameter.gradientNorm() != null);
  }
}
