package io.camjar.weights.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import io.camjar.weights.Fixtures;
import io.camjar.weights.container.preparation.Normalization;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What files say about their models besides the weights. */
class KnowledgeTests {
  private static final List<String> VOCABULARY = List.of("ant", "bee", "cat", "dog", "eel");
  private static final Normalization IMAGENET =
      new Normalization(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));

  @ParameterizedTest
  @CsvSource({
    "export1-zip.pkl, 160",
    "export1-legacy.pkl, 160",
    "export2-zip.pkl, 128",
    "export2-legacy.pkl, 128",
    "export2-bare.pkl, 128"
  })
  void exportsOfFastaiKnowClassesStatisticsAndSize(String fixture, int size) {
    Checkpoint checkpoint = Checkpoints.open(Fixtures.path(fixture));
    assertThat(checkpoint.classes()).isEqualTo(VOCABULARY);
    assertThat(checkpoint.normalization()).contains(IMAGENET);
    assertThat(checkpoint.inputSize()).hasValue(size);
  }

  @Test
  void exportsLeaveForeignCodeAlone() {
    Checkpoint checkpoint = Checkpoints.open(Fixtures.path("export1-legacy.pkl"));
    assertThat(checkpoint.inert())
        .contains(
            "functools.partial",
            "fastai.data_block.CategoryProcessor",
            "fastai.layers.AdaptiveConcatPool2d",
            "torchvision.models.resnet.BasicBlock");
    assertThat(checkpoint.wrappers()).containsExactly("model");
  }

  @Test
  void lightningKnowsTheEpochAndItsHyperParameters() {
    Checkpoint checkpoint = Checkpoints.open(Fixtures.path("zip-lightning.ckpt"));
    assertThat(checkpoint.epoch()).hasValue(3);
    assertThat(checkpoint.classes()).isEqualTo(VOCABULARY);
    assertThat(checkpoint.wrappers()).containsExactly("state_dict");
    assertThat(checkpoint.strippedPrefix()).isEqualTo("model.");
  }

  @Test
  void timmKnowsItsArgumentsAndPrefersTheAveragedWeights() {
    Checkpoint checkpoint = Checkpoints.open(Fixtures.path("zip-timm-ema.pth.tar"));
    assertThat(checkpoint.wrappers()).containsExactly("state_dict_ema");
    assertThat(checkpoint.epoch()).hasValue(99);
    assertThat(checkpoint.inputSize()).hasValue(192);
    assertThat(checkpoint.normalization().orElseThrow().mean()).isEqualTo(List.of(0.5, 0.4, 0.3));
  }

  @Test
  void aBareStateDictKnowsNothing() {
    Checkpoint checkpoint = Checkpoints.open(Fixtures.path("zip-torchvision.pth"));
    assertThat(checkpoint.classes()).isEmpty();
    assertThat(checkpoint.normalization()).isEmpty();
    assertThat(checkpoint.inputSize()).isEmpty();
    assertThat(checkpoint.epoch()).isEmpty();
  }
}
