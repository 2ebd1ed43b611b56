package io.camjar.gradcam.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.family.VisionTransformer;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.image.HashedImage;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Methods on the attention and the tokens of a vision transformer against their papers' formulas in
 * PyTorch; {@code engine/src/test/python/make_attention_goldens.py} wrote the expectations.
 */
class AttentionTests {
  private static final double TOLERANCE = 1e-4;
  private static final VisionTransformer NET =
      new VisionTransformer("vit", "timm", 3, 8, 5, 5, 24, 3, 3, 32, false, 10);

  static Stream<String> lines() {
    return HashedImage.lines("/methods/attention.txt").stream();
  }

  static Stream<String> maps() {
    return lines().filter(line -> !line.startsWith("logits"));
  }

  private static Explanation explain(Network network, CamMethod method, String layer) {
    try (INDArray x = SyntheticInput.images("picture0", 1, 3, 40, 40)) {
      return Explainer.of(network)
          .withMethod(method)
          .withLayers(layer)
          .explain("input", x, List.of(Target.index(3)));
    }
  }

  private static void assertAgree(float[] found, String line) {
    double[] expected =
        Stream.of(line.split(" ")).skip(1).mapToDouble(Double::parseDouble).toArray();
    assertThat(found).hasSize(expected.length);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(found[i] - expected[i]));
    }
    assertThat(difference / largest).as(line.split(" ")[0]).isLessThan(TOLERANCE);
  }

  @ParameterizedTest
  @MethodSource("maps")
  void theMapIsThePapers(String line) {
    CamMethod method = CamMethods.named(line.split(" ")[0]);
    try (Network network = Network.of(NET, new SyntheticParameters())) {
      Explanation made = explain(network, method, "blocks.2.norm1");

      assertAgree(made.map("blocks.2.norm1").raw(), line);
      assertThat(made.map("blocks.2.norm1").height()).isEqualTo(5);
    }
  }

  @Test
  void aDeeperBlockTakesMoreAttentionIn() {
    try (Network network = Network.of(NET, new SyntheticParameters())) {
      for (String name : CamMethods.ofAttention()) {
        CamMethod method = CamMethods.named(name);
        float[] early = explain(network, method, "blocks.0").map("blocks.0").raw();
        float[] late = explain(network, method, "blocks.2").map("blocks.2").raw();
        assertThat(early).as(name).isNotEqualTo(late);
      }
    }
  }

  @Test
  void aNetworkWithoutAttentionIsRefused() {
    ResNetSpec spec = ResNetSpec.named("resnet18", new LinearHead(10)).withWidth(4);
    try (Network network = Network.of(spec, new SyntheticParameters())) {
      for (String name : CamMethods.ofAttention()) {
        assertThat(CamMethods.named(name).suits(network)).isFalse();
        assertThatThrownBy(() -> explain(network, CamMethods.named(name), "layer4"))
            .isInstanceOf(CamjarException.class)
            .hasMessageContaining("reads the attention of a vision transformer");
      }
    }
  }

  @Test
  void whatLiesBeforeAllAttentionIsRefused() {
    try (Network network = Network.of(NET, new SyntheticParameters())) {
      assertThatThrownBy(() -> explain(network, CamMethod.rollout(), "patch_embed"))
          .hasMessageContaining("none lies before the layer patch_embed");
    }
  }
}
