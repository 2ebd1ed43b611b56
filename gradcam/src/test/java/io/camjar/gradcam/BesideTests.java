package io.camjar.gradcam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.gradcam.method.CamMethods;
import io.camjar.gradcam.render.Evolution;
import io.camjar.gradcam.render.Evolution.Panel;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Mean activations as fastai notebooks show them, and two methods side by side. */
class BesideTests {
  private static final Network NETWORK =
      Network.of(
          ResNetSpec.named("resnet34", new LinearHead(Networks.CLASSES)).withWidth(Networks.WIDTH),
          new SyntheticParameters());
  private static final INDArray INPUT = SyntheticInput.images("beside", 1, 3, 64, 64);
  private static final Explainer GRADCAM = Explainer.of(NETWORK).withLayers("all");
  private static final Explainer MEAN = GRADCAM.withMethod(CamMethods.named("mean-activation"));

  @AfterAll
  static void free() {
    INPUT.close();
    NETWORK.close();
  }

  private static Explanation explain(Explainer explainer) {
    return explainer.explain("input0", INPUT, List.of(Target.index(1), Target.index(2)));
  }

  private static List<String> titles(Evolution evolution) {
    return evolution.panels().stream().map(Panel::title).toList();
  }

  @Test
  void layersBearTheirPathsOnEverySheet() {
    Explanation mean = explain(MEAN);
    Explanation both = explain(GRADCAM.withSecondMethod(MEAN.options().method()));

    assertThat(mean.layers()).hasSize(17).startsWith("stem", "layer1.0").endsWith("layer4.2");
    Stream.of(
            mean.evolutions(mean.layers()),
            both.evolutionsBeside(both.layers()),
            Explanation.sideBySide(List.of(mean, both), mean.targets().get(0)))
        .flatMap(List::stream)
        .forEach(sheet -> assertThat(titles(sheet)).isEqualTo(mean.layers()));
  }

  @Test
  void theyAreShownOnceBareAndOnceLaidOverWhateverTheClasses() {
    Explanation mean = explain(MEAN);

    List<Evolution> evolutions = mean.evolutions(mean.layers());

    assertThat(evolutions).extracting(Evolution::laidOver).containsExactly(false, true);
    assertThat(evolutions)
        .extracting(Evolution::heading)
        .containsExactly("meanactivation, any class, bare", "meanactivation, any class");
    assertThat(evolutions.get(0).note()).contains("the same whatever class is asked for");
    assertThat(mean.classDiscriminative()).isFalse();
    assertThat(mean.map("layer4.2", 1).raw()).isEqualTo(mean.map("layer4.2", 2).raw());
  }

  @Test
  void aMethodThatTellsClassesApartHasAnEvolutionForEachUnderPaths() {
    Explanation cam = explain(GRADCAM);

    List<Evolution> evolutions = cam.evolutions(cam.layers());

    assertThat(evolutions).hasSize(2).allMatch(Evolution::laidOver);
    assertThat(titles(evolutions.get(1))).startsWith("stem", "layer1.0");
    assertThat(cam.beside()).isEmpty();
    assertThat(cam.evolutionsBeside(cam.layers())).isEmpty();
  }

  @Test
  void bothMethodsStandSideBySideWithTheSameMapsAsAlone() {
    Explanation both = explain(GRADCAM.withSecondMethod(MEAN.options().method()));
    Explanation mean = both.beside().orElseThrow();

    assertThat(both.methodName()).isEqualTo("gradcam");
    assertThat(mean.methodName()).isEqualTo("meanactivation");
    assertThat(both.map("layer3.5").raw()).isEqualTo(explain(GRADCAM).map("layer3.5").raw());
    assertThat(mean.map("layer3.5").raw()).isEqualTo(explain(MEAN).map("layer3.5").raw());
    assertThat(both.withTimings(Timings.NONE).beside()).isPresent();
  }

  @Test
  void whatIsTheSameForAllClassesComesFirst() {
    Explanation one = explain(GRADCAM.withSecondMethod(MEAN.options().method()));
    Explanation other = explain(MEAN.withSecondMethod(CamMethods.standard()));

    for (Explanation both : List.of(one, other)) {
      List<String> headings =
          both.evolutionsBeside(both.layers()).stream().map(Evolution::heading).toList();
      assertThat(headings).hasSize(4);
      assertThat(headings.subList(0, 2))
          .containsExactly("meanactivation, any class, bare", "meanactivation, any class");
      assertThat(headings.get(2)).matches("gradcam, class 1 \\d\\.\\d\\d");
      assertThat(headings.get(3)).matches("gradcam, class 2 \\d\\.\\d\\d");
    }
  }

  @Test
  void aCounterfactualNegatesOnlyWhereThereAreGradients() {
    Explainer counterfactual = GRADCAM.withOptions(GRADCAM.options().withCounterfactual(true));

    Explanation both = explain(counterfactual.withSecondMethod(MEAN.options().method()));

    assertThat(both.method()).isEqualTo("gradcam, counterfactual");
    assertThat(both.beside().orElseThrow().method()).isEqualTo("meanactivation");
  }

  @Test
  void aMethodWithoutAChoiceOfLayersStandsAlone() {
    assertThatThrownBy(() -> GRADCAM.withSecondMethod(CamMethods.named("guidedbackprop")))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("guidedbackprop works at the layer input alone");
  }
}
