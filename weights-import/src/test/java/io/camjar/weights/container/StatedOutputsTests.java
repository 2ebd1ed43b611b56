package io.camjar.weights.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.weights.Checkpoint;
import io.camjar.weights.CheckpointConverter;
import io.camjar.weights.Checkpoints;
import io.camjar.weights.Fixtures;
import io.camjar.weights.container.StatedOutputs.Kind;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What files say of their outputs; {@code src/test/python/make_outputs.py} wrote them. */
class StatedOutputsTests {
  @TempDir private Path temp;

  private static Checkpoint open(String name) throws URISyntaxException {
    return Checkpoints.open(
        Path.of(
            Objects.requireNonNull(Fixtures.class.getResource("outputs/" + name), name).toURI()));
  }

  @ParameterizedTest
  @CsvSource({
    "fastai2-several-labels.pkl, SIGMOID, loss_func is BCEWithLogitsLossFlat",
    "fastai2-one-class.pkl, SOFTMAX, loss_func is CrossEntropyLossFlat",
    "fastai2-regression.pkl, RAW, loss_func is MSELossFlat",
    "fastai1-several-labels.pkl, SIGMOID, MultiCategoryList",
    "lightning-hparams.ckpt, SIGMOID, loss is bce_with_logits",
    "lightning-pos-weight.ckpt, SIGMOID, the tensor criterion.pos_weight of BCEWithLogitsLoss",
    "module-with-criterion.pth, SIGMOID, criterion is BCEWithLogitsLoss",
    "script-arguments.pth, SIGMOID, multi_label is set"
  })
  void eachMakerSaysItInItsWay(String name, Kind kind, String evidence) throws URISyntaxException {
    assertThat(open(name).outputs()).contains(new StatedOutputs(kind, evidence));
  }

  @Test
  void labelsOfSeveralLabelsHaveNames() throws URISyntaxException {
    assertThat(open("fastai1-several-labels.pkl").classes()).hasSize(3).contains("edema");
    assertThat(open("fastai2-several-labels.pkl").classes()).hasSize(3).contains("edema");
  }

  @Test
  void aStateDictSaysNothing() throws URISyntaxException {
    assertThat(open("nothing-said.pth").outputs()).isEmpty();
    assertThat(open("one-output-two-names.pth").outputs()).isEmpty();
  }

  @Test
  void aSingleOutputMayHaveTwoNamesButNotThree() throws URISyntaxException {
    assertThat(open("one-output-two-names.pth").classes()).containsExactly("normal", "pneumonia");
    assertThat(open("one-output-three-names.pth").classes()).isEmpty();
    assertThat(open("one-output-three-names.pth").knowledge().classes()).hasSize(3);
  }

  @Test
  void aConvertedFileSaysTheSame() throws URISyntaxException, IOException {
    Path target = temp.resolve("converted.safetensors");
    Checkpoint checkpoint = open("script-arguments.pth");

    CheckpointConverter.toSafetensors(
        checkpoint,
        target,
        io.camjar.weights.names.NameStyle.TORCHVISION,
        io.camjar.weights.tensor.DType.FLOAT32);

    assertThat(Checkpoints.open(target).outputs()).isEqualTo(checkpoint.outputs());
    assertThat(Checkpoints.open(target).classes()).isEqualTo(List.of("edema", "nodule", "mass"));
  }
}
