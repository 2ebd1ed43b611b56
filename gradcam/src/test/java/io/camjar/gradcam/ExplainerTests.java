package io.camjar.gradcam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.Point;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.model.resnet.SequentialHead;
import java.util.List;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class ExplainerTests {
  private static final Network NETWORK = Networks.pooled();
  private static final Explainer EXPLAINER = Explainer.of(NETWORK);
  private static final INDArray INPUT = SyntheticInput.images("explainer", 1, 3, 97, 65);

  @AfterAll
  static void free() {
    INPUT.close();
    NETWORK.close();
  }

  private static Explanation explain(Explainer explainer, Target... targets) {
    return explainer.explain("input0", INPUT, List.of(targets));
  }

  @Test
  void theLastBlockAndTheLikeliestClassAreTheDefault() {
    Explanation e = explain(EXPLAINER, Target.top1());

    assertThat(e.layers()).containsExactly("layer4.1");
    assertThat(e.maps()).hasSize(1);
    assertThat(e.maps().get(0).target()).isEqualTo(e.top(1).get(0).target());
  }

  @Test
  void withoutATargetTheTopClassIsMeant() {
    assertThat(explain(EXPLAINER).targets())
        .isEqualTo(explain(EXPLAINER, Target.top1()).targets())
        .hasSize(1);
  }

  @Test
  void aBatchAndAnotherTypeAreRefusedInWords() {
    try (INDArray two = SyntheticInput.images("explainer", 2, 3, 97, 65);
        INDArray doubles = INPUT.castTo(DataType.DOUBLE)) {
      assertThatThrownBy(() -> EXPLAINER.explain("two", two, List.of()))
          .isInstanceOf(CamjarException.class)
          .hasMessageContaining("one image")
          .hasMessageContaining("[2, 3, 97, 65]");
      assertThatThrownBy(() -> EXPLAINER.explain("doubles", doubles, List.of()))
          .isInstanceOf(CamjarException.class)
          .hasMessageContaining("castTo");
    }
  }

  @Test
  void aMapHasTheLayersOwnResolution() {
    CamMap map = explain(EXPLAINER.withLayers("layer3", "layer4"), Target.top1()).map("layer4");

    assertThat(map.height()).isEqualTo(4);
    assertThat(map.width()).isEqualTo(3);
    assertThat(map.raw()).hasSize(12);
  }

  @Test
  void allMeansStemAndEveryBlockInTheOrderOfTheNetwork() {
    assertThat(EXPLAINER.withLayers("all").layers())
        .containsExactlyElementsOf(NETWORK.points().blocks().stream().map(Point::path).toList())
        .startsWith("stem", "layer1.0")
        .hasSize(9);
  }

  @Test
  void anIntegerDropsTopLevelChildrenFromTheEnd() {
    assertThat(EXPLAINER.withLayers("2", "3", "6").layers())
        .containsExactly("layer4", "layer3", "maxpool");
  }

  @Test
  void aliasesBecomePathsAndRepeatsAreDropped() {
    assertThat(EXPLAINER.withLayers("0.7.1", "layer4.1", "layer-4 - conv-2", "first conv").layers())
        .containsExactly("layer4.1", "stem");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "last | layer4.1",
        "-1 | layer4.1",
        "-3 | layer3.1",
        "layer4[-1] | layer4.1",
        "layer4.-1 | layer4.1",
        "layer4[0] | layer4.0",
        "model.layer3[-2].conv2 | layer3.0.conv2",
        "model[0][7][-1] | layer4.1",
        "layer3.* | layer3.0 layer3.1",
        "layer?.1 | layer1.1 layer2.1 layer3.1 layer4.1",
        "LAYER[12].x* layer4[1] | ",
        "layer1.**.conv2 | layer1.0.conv2 layer1.1.conv2",
        "layer-4 - conv-* | layer4.0 layer4.1",
      })
  void layersAsPeopleTypeThem(String typed, @Nullable String paths) {
    if (paths == null) {
      assertThatThrownBy(() -> EXPLAINER.withLayers(typed)).isInstanceOf(CamjarException.class);
    } else {
      assertThat(EXPLAINER.withLayers(typed).layers()).containsExactly(paths.split(" "));
    }
  }

  @Test
  void countingBeyondTheFirstOrTheLastIsRefusedWithTheRange() {
    assertThatThrownBy(() -> EXPLAINER.withLayers("layer4[2]")).hasMessageContaining("layer4.1");
    assertThatThrownBy(() -> EXPLAINER.withLayers("layer4[-3]"))
        .hasMessageContaining("the children of layer4 are 0 to 1, or -1 to -2");
    assertThatThrownBy(() -> EXPLAINER.withLayers("-10")).hasMessageContaining("-1 to -9");
    assertThatThrownBy(() -> EXPLAINER.withLayers("conv1[-1]")).hasMessageContaining("no numbered");
    assertThatThrownBy(() -> EXPLAINER.withLayers("layer9.*")).hasMessageContaining("'layer9.*'");
    assertThatThrownBy(() -> EXPLAINER.withLayers("fc*"))
        .hasMessageContaining("no layer with maps");
  }

  @Test
  void childrenOfAFastaiNetworkAreCountedAsThoseOfItsTorchvisionBody() {
    try (Network fastai =
        Network.of(
            ResNetSpec.named("resnet18", SequentialHead.fastai1(32, 2)).withWidth(4),
            new SyntheticParameters())) {
      Explainer explainer = Explainer.of(fastai);
      for (int k = 2; k <= 9; k++) {
        assertThat(explainer.withLayers("" + k).layers())
            .isEqualTo(EXPLAINER.withLayers("" + k).layers());
      }
      assertThat(explainer.withLayers("1").layers()).containsExactly("layer4");
      assertThatThrownBy(() -> explainer.withLayers("10")).isInstanceOf(CamjarException.class);
    }
  }

  @Test
  void anUnknownLayerIsAnsweredWithTheNearest() {
    assertThatThrownBy(() -> EXPLAINER.withLayers("layer4.9"))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("layer4.9")
        .hasMessageContaining("layer4.1");
  }

  @Test
  void aLayerWithoutHeightAndWidthIsRefused() {
    assertThatThrownBy(() -> EXPLAINER.withLayers("fc"))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("fc")
        .hasMessageContaining("layer4.1");
    assertThatThrownBy(() -> EXPLAINER.withLayers("10")).isInstanceOf(CamjarException.class);
    assertThatThrownBy(() -> EXPLAINER.withLayers("0")).isInstanceOf(CamjarException.class);
  }

  @Test
  void severalLayersAndClassesFromOnePassAreWhatEachGivesAlone() {
    Explanation together =
        explain(EXPLAINER.withLayers("all"), Target.index(3), Target.index(0), Target.index(3));

    assertThat(together.targets()).extracting(ClassLabel::index).containsExactly(3, 0);
    assertThat(together.maps()).hasSize(18);
    for (CamMap map : together.maps()) {
      CamMap alone =
          explain(EXPLAINER.withLayers(map.layer()), Target.index(map.target().index()))
              .maps()
              .get(0);
      if (map.layer().equals(NETWORK.points().lastBlock().path())) {
        // Its gradient passes no ReLU of the body, so alone it needs no exact forward.
        float rounding = 1e-6f * (map.max() - map.min());
        assertThat(map.raw()).containsExactly(alone.raw(), Offset.offset(rounding));
      } else {
        assertThat(map.raw()).isEqualTo(alone.raw());
      }
    }
  }

  @Test
  void topKAreTheLargestLogitsInOrder() {
    Explanation e = explain(EXPLAINER, Target.top(3));

    float[] logits = e.logits();
    assertThat(e.targets())
        .hasSize(3)
        .isEqualTo(e.top(3).stream().map(Prediction::target).toList());
    assertThat(logits[e.targets().get(0).index()])
        .isGreaterThan(logits[e.targets().get(1).index()]);
    assertThat(e.top(5).stream().mapToDouble(Prediction::probability).sum())
        .isCloseTo(1, Offset.offset(1e-12));
  }

  @Test
  void anUnknownClassIsRefusedWithTheNearestNames() {
    Explainer named =
        EXPLAINER.withLabels(
            Labels.of(List.of("tench", "church", "golf ball", "parachute", "gas pump")));

    assertThatThrownBy(() -> explain(named, Target.named("golf bal")))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("golf ball");
    assertThatThrownBy(() -> explain(named, Target.index(5)))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("0 to 4");
    assertThatThrownBy(() -> explain(named, Target.top(6))).isInstanceOf(CamjarException.class);
    assertThat(explain(named, Target.named("Golf Ball")).targets())
        .containsExactly(new ClassLabel(2, "golf ball"));
  }

  @Test
  void namesMustBeAsManyAsClasses() {
    assertThatThrownBy(() -> EXPLAINER.withLabels(Labels.of(List.of("one", "two"))))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("2")
        .hasMessageContaining("5");
  }

  @Test
  void anInputWithNaNGivesMapsThatSaySo() {
    try (INDArray broken = INPUT.dup()) {
      broken.putScalar(new int[] {0, 0, 40, 40}, Float.NaN);
      Explanation e = EXPLAINER.explain("broken", broken, List.of(Target.index(0)));

      assertThat(e.maps().get(0).status()).isEqualTo(MapStatus.NON_FINITE);
      assertThat(e.maps().get(0).scaled()).containsOnly(0f);
      assertThat(e.record().maps().get(0).max()).isNull();
      assertThat(e.record().top().get(0).probability()).isNull();
    }
  }
}
