package io.camjar.gradcam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.gradcam.method.CamMethod;
import io.camjar.gradcam.method.CamMethods;
import io.camjar.gradcam.method.LayerSample;
import io.camjar.gradcam.method.RawMap;
import io.camjar.gradcam.scaling.MapStyle;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What every method says where there is nothing to show. */
class FailingCasesTests {
  private static final int CHANNELS = 3;
  private static final int CELLS = 4;
  private static final List<String> ASKS_THE_NETWORK =
      List.of("cam", "scorecam", "ablationcam", "guidedbackprop", "guidedgradcam");

  static Stream<String> names() {
    return CamMethods.names().stream().filter(name -> !CamMethods.ofAttention().contains(name));
  }

  static Stream<String> gradientMethods() {
    return names().filter(name -> CamMethods.named(name).usesGradients());
  }

  /** Methods that need nothing but the layer's activations and gradients. */
  static Stream<String> layerMethods() {
    return names().filter(name -> !ASKS_THE_NETWORK.contains(name));
  }

  @ParameterizedTest
  @MethodSource("names")
  void weightsThatAreNotNumbersGiveAMapThatIsNotFinite(String method) {
    try (Network network = Networks.pooled("layer4.1.conv2.weight", Float.NaN)) {
      CamMap map = explain(network, method);

      assertThat(map.status()).isEqualTo(MapStatus.NON_FINITE);
      assertBlank(map);
    }
  }

  @ParameterizedTest
  @MethodSource("gradientMethods")
  void aHeadThatAnswersTheSameToAllGivesNoEvidence(String method) {
    try (Network network = Networks.pooled("fc.weight", 0)) {
      CamMap map = explain(network, method);

      assertThat(map.status()).isEqualTo(MapStatus.NO_POSITIVE_EVIDENCE);
      assertBlank(map);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void aDeadLayerGivesNoEvidence(String method) {
    try (Network network = Networks.pooled("layer4.1.bn2.bias", -1000)) {
      CamMap map = explain(network, method);

      assertThat(map.status()).isEqualTo(MapStatus.NO_POSITIVE_EVIDENCE);
      assertBlank(map);
    }
  }

  @ParameterizedTest
  @MethodSource("layerMethods")
  void anEvenMapIsBlankWhateverItsStatus(String method) {
    CamMap map = map(method, filled(2), filled(0.5f));

    assertThat(map.status()).isNotEqualTo(MapStatus.NON_FINITE);
    assertThat(map.isEven()).isTrue();
    assertBlank(map);
  }

  @Test
  void theRecordSaysOfAnEvenMapThatNoPlaceStandsOut() {
    try (Network network = Networks.pooled();
        INDArray oneCell = SyntheticInput.images("failing", 1, 3, 32, 32);
        INDArray fourCells = SyntheticInput.images("failing", 1, 3, 64, 64)) {
      Explainer explainer = Explainer.of(network).withMethod(CamMethods.named("meanactivation"));

      Explanation even = explainer.explain("input0", oneCell, List.of(Target.top1()));
      Explanation other = explainer.explain("input0", fourCells, List.of(Target.top1()));

      assertThat(even.maps().get(0).status()).isEqualTo(MapStatus.OK);
      assertThat(even.record().maps().get(0).note()).contains("every value is the same");
      assertThat(other.record().maps().get(0).note()).isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("gradientMethods")
  void gradientsThatAllSpeakAgainstTheClassGiveNoEvidence(String method) {
    CamMap map = map(method, filled(2), filled(-0.5f));

    assertThat(map.status()).isEqualTo(MapStatus.NO_POSITIVE_EVIDENCE);
    assertBlank(map);
  }

  @ParameterizedTest
  @MethodSource("gradientMethods")
  void aGradientThatIsNotANumberGivesAMapThatIsNotFinite(String method) {
    float[] gradients = filled(0.5f);
    gradients[5] = Float.NaN;

    CamMap map = map(method, filled(2), gradients);

    assertThat(map.status()).isEqualTo(MapStatus.NON_FINITE);
    assertBlank(map);
  }

  @Test
  void camOfAnyOtherHeadIsRefused() {
    try (Network network = Networks.concatPooled()) {
      assertThatThrownBy(() -> explain(network, "cam"))
          .isInstanceOf(CamjarException.class)
          .hasMessageContaining("fastai1");
    }
  }

  @Test
  void camOfAnyOtherLayerIsRefused() {
    try (Network network = Networks.pooled();
        INDArray input = SyntheticInput.images("failing", 1, 3, 64, 64)) {
      Explainer explainer =
          Explainer.of(network).withLayers("layer3").withMethod(CamMethods.named("cam"));

      assertThatThrownBy(() -> explainer.explain("input0", input, List.of(Target.top1())))
          .isInstanceOf(CamjarException.class)
          .hasMessageContaining("ask for layer layer4.1");
    }
  }

  private static CamMap explain(Network network, String method) {
    try (INDArray input = SyntheticInput.images("failing", 1, 3, 64, 64)) {
      return Explainer.of(network)
          .withMethod(CamMethods.named(method))
          .explain("input0", input, List.of(Target.index(2)))
          .maps()
          .get(0);
    }
  }

  private static CamMap map(String name, float[] activations, float[] gradients) {
    CamMethod method = CamMethods.named(name);
    LayerSample sample = LayerSample.of("layer4.1", CHANNELS, 2, 2, activations, gradients);
    RawMap raw = method.map(sample, Subjects.ANY);
    return new CamMap("layer4.1", new ClassLabel(0, null), raw, MapStyle.STANDARD);
  }

  private static float[] filled(float value) {
    float[] values = new float[CHANNELS * CELLS];
    Arrays.fill(values, value);
    return values;
  }

  private static void assertBlank(CamMap map) {
    assertThat(map.scaled()).containsOnly(0);
    for (float value : map.raw()) {
      assertThat(value).isFinite();
    }
  }
}
