package io.camjar.engine.model.resnet;

import static io.camjar.engine.Agreement.assertClose;
import static io.camjar.engine.Agreement.relativeL2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.engine.Golden;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.RawMaps;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Trace;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ResNeXts and ResNets with squeeze and excitation against PyTorch; {@code
 * src/test/python/make_gated_goldens.py} makes the golden file.
 */
class GatedResNetTests {
  private static final double LOGITS = 2e-5;
  private static final double MAP = 1e-4;
  private static final String LAYER = "layer4.0";
  private static final Golden GOLDEN = Golden.read("networks/gated");
  private static final ResNetSpec PLAIN = spec(BlockKind.BOTTLENECK);
  private static final ResNetSpec NEXT = PLAIN.withInnerWidth(32).withGroups(4);
  private static final Map<String, ResNetSpec> CASES =
      Map.of(
          "resnext",
          NEXT,
          "seresnext",
          NEXT.withGates(new Gates(Gates.Kind.CONVOLUTIONS, List.of(4, 6, 8, 12))),
          "seresnet_basic",
          spec(BlockKind.BASIC)
              .withGates(new Gates(Gates.Kind.CONVOLUTIONS, List.of(8, 8, 16, 32))),
          "seresnet_linear",
          PLAIN.withGates(new Gates(Gates.Kind.LINEAR, List.of(4, 4, 8, 8))));

  private static ResNetSpec spec(BlockKind block) {
    List<Integer> depths = List.of(1, 1, 1, 1);
    return new ResNetSpec(
        "net", block, depths, 64, 3, new Stem.Conv7(), Shortcut.CONV, new LinearHead(10));
  }

  static Stream<Arguments> cells() {
    return CASES.keySet().stream()
        .sorted()
        .flatMap(name -> Stream.of("chosen", "arrays").map(b -> Arguments.of(name, b)));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("cells")
  void logitsAndMapArePyTorchs(String name, String backend) {
    Request request = Request.of(Set.of(LAYER));
    try (Network network = Network.of(CASES.get(name), new SyntheticParameters());
        INDArray x = SyntheticInput.images("picture0", 1, 3, 75, 97);
        Trace trace =
            backend.equals("chosen")
                ? network.trace(x, request)
                : network.trace(x, request, Kernels.active());
        INDArray seed = Nd4j.zeros(1, 10).putScalar(0, 3, 1);
        Gradients gradients = network.backward(trace, seed)) {
      assertClose(GOLDEN, name + "/logits", trace.logits(), LOGITS);
      float[] map = RawMaps.gradCam(trace.activation(LAYER), gradients.get(LAYER));
      assertThat(relativeL2(map, GOLDEN.values(name + "/map"))).isLessThan(MAP);
    }
  }

  @Test
  void timmsWidthsAreMultiplesOfEight() {
    LinearHead head = new LinearHead(1000);
    assertThat(ResNetSpec.named("seresnet18", head).gates().reduced())
        .containsExactly(8, 8, 16, 32);
    assertThat(ResNetSpec.named("seresnet50", head).gates().reduced())
        .containsExactly(16, 32, 64, 128);
  }

  /** Learned numbers of the published networks, as torchvision and timm count them. */
  @Test
  void publishedNetworksHaveTheirNumbersOfParameters() {
    Map<String, Long> counts =
        Map.of(
            "resnext50_32x4d", 25_028_904L,
            "resnext101_32x8d", 88_791_336L,
            "resnext101_64x4d", 83_455_272L,
            "seresnet50", 28_088_024L,
            "seresnext50_32x4d", 27_559_896L);
    counts.forEach(
        (name, count) ->
            assertThat(
                    ResNetSpec.named(name, new LinearHead(1000))
                        .graph()
                        .parameterShapes()
                        .entrySet()
                        .stream()
                        .filter(e -> !e.getKey().contains("running_"))
                        .mapToLong(e -> e.getValue().length())
                        .sum())
                .as(name)
                .isEqualTo(count));
  }

  @Test
  void groupsMustDivideTheWidthOfBottlenecks() {
    assertThatThrownBy(() -> PLAIN.withGroups(3)).isInstanceOf(CamjarException.class);
    assertThatThrownBy(() -> spec(BlockKind.BASIC).withGroups(2))
        .isInstanceOf(CamjarException.class);
  }
}
