package io.camjar.gradcam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.gradcam.MapOptions.Smoothing;
import io.camjar.gradcam.method.CamMethods;
import io.camjar.gradcam.target.Score;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What speaks against a class, for every method that knows classes. */
class CounterfactualTests {
  private static final int CLASS = 2;
  private static final Network NETWORK = Networks.pooled();
  private static final INDArray INPUT = SyntheticInput.images("against", 1, 3, 96, 96);

  @AfterAll
  static void close() {
    NETWORK.close();
    INPUT.close();
  }

  static Stream<String> discriminative() {
    return names(true);
  }

  static Stream<String> blind() {
    return names(false);
  }

  private static Stream<String> names(boolean discriminative) {
    return CamMethods.names().stream()
        .filter(name -> !CamMethods.ofAttention().contains(name))
        .filter(name -> CamMethods.named(name).classDiscriminative() == discriminative);
  }

  @ParameterizedTest
  @MethodSource("discriminative")
  void itIsAnotherMapThanWhatSpeaksForTheClass(String method) {
    CamMap against = map(options(method).withCounterfactual(true), Target.index(CLASS));

    assertThat(against.raw()).isNotEqualTo(map(options(method), Target.index(CLASS)).raw());
    assertThat(against.status()).isNotEqualTo(MapStatus.NON_FINITE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gradcam", "hirescam", "scorecam", "cam", "guidedbackprop"})
  void itIsTheMapOfTheNegatedScore(String method) {
    Target negated = Target.score("against", CLASS, Score.logit(CLASS).negated());

    assertThat(map(options(method).withCounterfactual(true), Target.index(CLASS)).raw())
        .isEqualTo(map(options(method), negated).raw());
  }

  /** Ablation-CAM's weights are shares of the score, the same for it and its negative. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ablationCamsIsItsMapNegated(boolean eigen) {
    MapOptions options =
        eigen ? options("ablationcam").withSmoothing(Smoothing.EIGEN) : options("ablationcam");
    float[] plain = map(options, Target.index(CLASS)).raw();
    float[] against = map(options.withCounterfactual(true), Target.index(CLASS)).raw();

    for (int i = 0; i < plain.length; i++) {
      assertThat(against[i]).isCloseTo(-plain[i], within(1e-6f));
    }
  }

  @ParameterizedTest
  @MethodSource("blind")
  void aMethodThatKnowsNoClassesHasNone(String method) {
    MapOptions options = options(method).withCounterfactual(true);

    assertThatThrownBy(() -> map(options, Target.index(CLASS)))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("speaks against a class, and " + method);
  }

  private static MapOptions options(String method) {
    return MapOptions.STANDARD.withMethod(CamMethods.named(method));
  }

  private static CamMap map(MapOptions options, Target target) {
    return Explainer.of(NETWORK)
        .withOptions(options)
        .explain("input0", INPUT, List.of(target))
        .maps()
        .get(0);
  }
}
