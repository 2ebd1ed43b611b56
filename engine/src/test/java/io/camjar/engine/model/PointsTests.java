package io.camjar.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.resnet.HeadSpec;
import io.camjar.engine.model.resnet.LayeredHead;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.NoHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.model.resnet.SequentialHead;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.ReLU;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every point of a network has a path, and the names people know it by lead to it. */
class PointsTests {
  private static final Network TORCHVISION = small("resnet34", new LinearHead(5));
  private static final Network FASTAI = small("resnet34", SequentialHead.fastai1(32, 5));
  private static final Network DEEP = small("resnet50", new LinearHead(5));

  private static Network small(String name, HeadSpec head) {
    ResNetSpec spec = ResNetSpec.named(name, head).withWidth(4);
    return Network.of(spec, new SyntheticParameters());
  }

  @AfterAll
  static void close() {
    TORCHVISION.close();
    FASTAI.close();
    DEEP.close();
  }

  @Test
  void theEvolutionHasTheStemAndEveryBlockInNetworkOrder() {
    assertThat(TORCHVISION.points().blocks())
        .extracting(Point::path)
        .containsExactly(
            "stem",
            "layer1.0",
            "layer1.1",
            "layer1.2",
            "layer2.0",
            "layer2.1",
            "layer2.2",
            "layer2.3",
            "layer3.0",
            "layer3.1",
            "layer3.2",
            "layer3.3",
            "layer3.4",
            "layer3.5",
            "layer4.0",
            "layer4.1",
            "layer4.2");
    assertThat(TORCHVISION.points().lastBlock().path()).isEqualTo("layer4.2");
  }

  @Test
  void aBasicBlockNamesItsInnerPointsInOrder() {
    assertThat(TORCHVISION.points().all())
        .extracting(Point::path)
        .filteredOn(path -> path.startsWith("layer2.0"))
        .containsExactly(
            "layer2.0.conv1",
            "layer2.0.bn1",
            "layer2.0.relu1",
            "layer2.0.conv2",
            "layer2.0.bn2",
            "layer2.0.downsample.0",
            "layer2.0.downsample.1",
            "layer2.0.downsample",
            "layer2.0.add",
            "layer2.0.relu2",
            "layer2.0");
  }

  @Test
  void aBottleneckHasAThirdConvolutionAndADownsampleInLayer1() {
    assertThat(DEEP.points().all())
        .extracting(Point::path)
        .contains("layer1.0.downsample.0", "layer1.0.conv3", "layer1.0.relu3", "layer4.2.bn3");
  }

  @ParameterizedTest
  @CsvSource({
    "layer3.2, layer3.2",
    "0.6.2, layer3.2",
    "layer-3 - conv-3, layer3.2",
    "Layer-3-conv-3, layer3.2",
    "first conv, stem",
    "0.3, maxpool",
    "0.0, conv1",
    "0.4, layer1",
    "0.7.2.conv2, layer4.2.conv2",
    "0.5.0.downsample.0, layer2.0.downsample.0",
    "layer1.0.act1, layer1.0.relu1",
    "layer4, layer4",
    "head.4, head.4",
    "1.4, head.4",
    "0, layer4",
  })
  void aliasesLeadToTheSamePlace(String alias, String path) {
    assertThat(FASTAI.points().resolve(alias).path()).isEqualTo(path);
  }

  @Test
  void anUnknownNameIsAnsweredWithTheNearestOnes() {
    assertThatThrownBy(() -> TORCHVISION.points().resolve("layer4.3"))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("unknown layer 'layer4.3'")
        .hasMessageContaining("layer4.2");
  }

  @ParameterizedTest
  @CsvSource({"1, avgpool", "2, layer4", "3, layer3", "5, layer1", "6, maxpool", "9, conv1"})
  void anIntegerDropsTopLevelChildrenAsPyTorchDoes(int k, String path) {
    assertThat(TORCHVISION.points().beforeLast(k).path()).isEqualTo(path);
  }

  @Test
  void aFastaiNetworkHasTwoChildren() {
    assertThat(FASTAI.points().beforeLast(1).path()).isEqualTo("layer4");
    assertThatThrownBy(() -> FASTAI.points().beforeLast(2)).hasMessageContaining("1 to 1");
    assertThatThrownBy(() -> TORCHVISION.points().beforeLast(10)).hasMessageContaining("1 to 9");
    assertThatThrownBy(() -> TORCHVISION.points().beforeLast(0)).hasMessageContaining("1 to 9");
  }

  @Test
  void onlyImagesHaveMaps() {
    assertThat(TORCHVISION.points().resolve("fc").spatial()).isFalse();
    assertThat(TORCHVISION.points().resolve("avgpool").spatial()).isTrue();
    assertThat(FASTAI.points().resolve("head.1").spatial()).isFalse();
  }

  @Test
  void layersOfAClassifierAreNamedByTheirPlaceUnderFc() {
    LayeredHead head =
        new LayeredHead(
            List.of(new Linear(32, 8, true), new ReLU(), new Dropout(0.3), new Linear(8, 2, true)));
    try (Network network = small("resnet34", head)) {
      assertThat(network.architecture().classes()).isEqualTo(2);
      assertThat(network.points().all())
          .extracting(Point::path)
          .containsSequence("layer4", "avgpool", "flatten", "fc.0", "fc.1", "fc.2", "fc.3", "fc");
      assertThat(network.points().beforeLast(2).path()).isEqualTo("layer4");
      assertThat(network.parameters())
          .containsKeys("fc.0.weight", "fc.0.bias", "fc.3.weight", "fc.3.bias");
    }
  }

  @Test
  void aBodyAloneEndsWithThePool() {
    try (Network network = small("resnet34", new NoHead())) {
      assertThat(network.architecture().classes()).isZero();
      assertThat(network.points().all()).extracting(Point::path).endsWith("avgpool", "flatten");
      assertThat(network.points().beforeLast(1).path()).isEqualTo("layer4");
      assertThat(network.parameters()).doesNotContainKey("fc.weight");
    }
  }
}
