package io.camjar.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.family.Families;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.op.Add;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Trace;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class DropPathTests {
  private static final double P = 0.3;

  /** {@code [round(p * i / (L - 1), 6) for i in range(L)]} of Python, as timm and torchvision. */
  private static final List<Double> OF_SIXTEEN =
      List.of(
          0.0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.14, 0.16, 0.18, 0.2, 0.22, 0.24, 0.26, 0.28,
          0.3);

  @Test
  void probabilitiesGrowLinearlyFromTheFirstBlockToTheLast() {
    Map<Integer, Double> resnet = probabilities(Families.named("resnet34", 10));
    assertThat(resnet).hasSize(15); // the first block of 16 is always computed
    resnet.forEach((block, p) -> assertThat(p).isCloseTo(OF_SIXTEEN.get(block), within(1e-12)));
    assertThat(probabilities(Families.named("convnext_tiny", 10)).values())
        .hasSize(17)
        .last()
        .isEqualTo(P);
  }

  @Test
  void bothSumsOfATransformersBlockHaveOneProbability() {
    Graph graph = DropPath.in(Families.named("vit_small_patch16_224", 10).graph(), P);
    List<Double> drops =
        graph.nodes().stream()
            .filter(node -> node.op() instanceof Dropout drop && drop.rows())
            .map(node -> ((Dropout) node.op()).p())
            .toList();
    assertThat(drops).hasSize(22); // 12 blocks, the first without
    for (int i = 0; i < drops.size(); i++) {
      assertThat(drops.get(i)).isCloseTo(P * (1 + i / 2) / 11, within(1e-12));
    }
  }

  @Test
  void parametersKeepTheirNamesAndNothingElseIsNew() {
    Graph plain = Families.named("resnet50", 10).graph();
    Graph dropping = DropPath.in(plain, P);
    assertThat(dropping.parameterShapes()).isEqualTo(plain.parameterShapes());
    assertThat(dropping.layers().stream().map(Layer::path))
        .containsAll(plain.layers().stream().map(Layer::path).toList())
        .contains("layer4.2.add.drop_path");
    assertThat(dropping.nodes()).hasSize(plain.nodes().size() + 15);
    assertThat(DropPath.in(plain, 0).nodes()).isEqualTo(plain.nodes());
  }

  /**
   * PyTorch's {@code relu(identity + stochastic_depth(branch, p, "row", training=True))}: an image
   * whose branch is left out is its shortcut, the branch of another is divided by {@code 1 - p}.
   */
  @Test
  void trainingABranchIsLeftOutOfAnImageOrDivided() {
    Architecture architecture = ((ResNetSpec) Families.named("resnet18", 5)).withWidth(8);
    List<String> asked = List.of("layer3.0", "layer3.1.bn2", "layer3.1.add.drop_path", "layer3.1");
    double p = P * 5 / 7;
    try (Network plain = Network.of(architecture, new SyntheticParameters());
        INDArray x = SyntheticInput.images("drop path", 12, 3, 32, 32)) {
      Network network = plain.withDropPath(P);
      try (Trace trace = network.traceTraining(x, asked, new SplittableRandom(2))) {
        float[] before = HostCopy.floats(trace.activation("layer3.0"));
        float[] branch = HostCopy.floats(trace.activation("layer3.1.bn2"));
        float[] left = HostCopy.floats(trace.activation("layer3.1.add.drop_path"));
        float[] after = HostCopy.floats(trace.activation("layer3.1"));
        int each = branch.length / 12;
        int leftOut = 0;
        for (int n = 0; n < 12; n++) {
          boolean out = true;
          for (int i = n * each; i < (n + 1) * each; i++) {
            out &= left[i] == 0;
          }
          leftOut += out ? 1 : 0;
          for (int i = n * each; i < (n + 1) * each; i++) {
            float kept = out ? 0 : branch[i] * (float) (1 / (1 - p));
            assertThat(left[i]).isEqualTo(kept);
            assertThat(after[i]).isEqualTo(Math.max(0, before[i] + kept));
          }
        }
        assertThat(leftOut).isBetween(1, 8);
        try (INDArray start = HostCopy.array(new float[12 * 5], 12, 5);
            INDArray ones = start.add(1);
            Gradients gradients = network.backward(trace, ones)) {
          float[] dBranch = HostCopy.floats(gradients.get("layer3.1.bn2"));
          float[] dLeft = HostCopy.floats(gradients.get("layer3.1.add.drop_path"));
          for (int i = 0; i < dBranch.length; i++) {
            boolean out = left[i] == 0 && branch[i] != 0;
            assertThat(dBranch[i]).isEqualTo(out ? 0 : dLeft[i] * (float) (1 / (1 - p)));
          }
        }
      }
      try (INDArray one = plain.forward(x);
          INDArray other = network.forward(x)) {
        assertThat(HostCopy.floats(other)).isEqualTo(HostCopy.floats(one));
      }
    }
  }

  @Test
  void refusesWhatIsNoProbabilityAndNetworksWithoutBlocks() {
    Graph resnet = Families.named("resnet18", 5).graph();
    assertThatThrownBy(() -> DropPath.in(resnet, 1)).isInstanceOf(CamjarException.class);
    assertThatThrownBy(() -> DropPath.in(resnet, Double.NaN)).isInstanceOf(CamjarException.class);
    Graph vgg = Families.named("vgg11", 5).graph();
    assertThatThrownBy(() -> DropPath.in(vgg, P))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("residual blocks");
  }

  /** By number of the residual sum. */
  private static Map<Integer, Double> probabilities(Architecture architecture) {
    Graph graph = DropPath.in(architecture.graph(), P);
    Map<Integer, Double> probabilities = new TreeMap<>();
    int sums = 0;
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Add) {
        for (int input : node.inputs()) {
          if (graph.nodes().get(input).op() instanceof Dropout drop) {
            probabilities.put(sums, drop.p());
          }
        }
        sums++;
      }
    }
    return probabilities;
  }
}
