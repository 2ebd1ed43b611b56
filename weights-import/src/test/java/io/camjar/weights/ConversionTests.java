package io.camjar.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.camjar.weights.names.NameStyle;
import io.camjar.weights.safetensors.SafetensorsWriter;
import io.camjar.weights.tensor.DType;
import io.camjar.weights.tensor.TensorEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever form a file keeps a network in: what is written of it is that network. */
class ConversionTests {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "variants/biases.pth",
        "equivalents/bias-script.pt",
        "equivalents/bias-trace.pt",
        "equivalents/folded.pth",
        "equivalents/folded-bottleneck.pth",
        "equivalents/folded-in-part.pth",
        "equivalents/folded-numbered.pth",
        "equivalents/folded-script.pt",
        "wrappings/module-eps.pth",
        "wrappings/factors-weight-norm.pth"
      })
  void whatIsKeptInAnotherFormComputesTheSame(String name) {
    JsonNode expected =
        Fixtures.json(name.substring(0, name.indexOf('/')) + "/expected.json")
            .get(name.substring(name.indexOf('/') + 1))
            .get("logits");
    for (NameStyle style : NameStyle.values()) {
      Checkpoint written = convert(Checkpoints.open(Fixtures.path("../" + name)), style);
      Fixtures.assertClose(Fixtures.logits(written, 3), expected);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "checkpoints/zip-torchvision.pth",
        "checkpoints/zip-torchvision-bottleneck.pth",
        "checkpoints/zip-torchvision-dropout-fc.pth",
        "checkpoints/legacy-fc-two-layers.pth",
        "checkpoints/legacy-fc-dropout-first.pth",
        "checkpoints/legacy-fc-no-bias.pth",
        "checkpoints/zip-fastai1.pth",
        "checkpoints/zip-fastai2.pth",
        "families/resnet_d.pth"
      })
  void namesOfAnotherStyleLeadBack(String name) {
    Checkpoint once = convert(Checkpoints.open(Fixtures.path("../" + name)), NameStyle.TORCHVISION);
    Checkpoint other = convert(once, NameStyle.FASTAI);
    Checkpoint back = convert(other, NameStyle.TORCHVISION);

    assertThat(other.style()).isEqualTo("fastai");
    assertThat(back.tensors().names()).isEqualTo(once.tensors().names());
    for (TensorEntry tensor : once.tensors().entries()) {
      assertThat(back.tensors().find(tensor.name()).orElseThrow().toFloats())
          .as(tensor.name())
          .isEqualTo(tensor.toFloats());
    }
  }

  @Test
  void aTransformerOfTorchvisionKeepsItsNames() {
    Checkpoint source = Checkpoints.open(Fixtures.path("../families/vit.pth"));
    Checkpoint written = convert(source, NameStyle.TORCHVISION);

    assertThat(written.tensors().names())
        .containsExactlyInAnyOrderElementsOf(source.tensors().names())
        .contains("encoder.layers.encoder_layer_0.self_attention.in_proj_weight");
    assertThat(written.requireArchitecture()).isEqualTo(source.requireArchitecture());
  }

  /** What is no part of the network need not stand under its prefix. */
  @Test
  void aTransformerUnderAPrefixMayHaveOtherTensorsBesideIt() throws IOException {
    Checkpoint vit = Checkpoints.open(Fixtures.path("../families/vit.pth"));
    TensorEntry counter =
        Checkpoints.open(Fixtures.path("zip-torchvision.pth"))
            .tensors()
            .find("bn1.num_batches_tracked")
            .orElseThrow();
    List<TensorEntry> tensors = new ArrayList<>(List.of(counter.named("steps")));
    vit.tensors().entries().forEach(t -> tensors.add(t.named("module.model." + t.name())));
    Path file = folder.resolve("prefixed.safetensors");
    SafetensorsWriter.write(file, false, tensors, DType.FLOAT32, Map.of());
    Checkpoint source = Checkpoints.open(file);
    assertThat(source.ignored()).containsExactly("steps");

    Checkpoint written = convert(source, NameStyle.TORCHVISION);

    assertThat(written.tensors().names())
        .containsExactlyInAnyOrderElementsOf(vit.tensors().names());
  }

  @ParameterizedTest
  @ValueSource(strings = {"vgg", "vit", "msdnet", "mobilenet_v3"})
  void fastaisNamesAreThoseOfResNets(String family) {
    Checkpoint source = Checkpoints.open(Fixtures.path("../families/" + family + ".pth"));

    assertThatThrownBy(() -> convert(source, NameStyle.FASTAI))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(family)
        .hasMessageContaining("fastai's names are written of ResNets alone");
    assertThat(folder).isEmptyDirectory();
  }

  /** It is told before anything is written. */
  @Test
  void aPreviewIsWhatIsReadThen() {
    Checkpoint source = Checkpoints.open(Fixtures.path("zip-torchvision.pth"));
    Path target = folder.resolve("f.safetensors");
    Checkpoint preview =
        CheckpointConverter.preview(source, target, NameStyle.FASTAI, source.knowledge());
    assertThat(target).doesNotExist();

    CheckpointConverter.toSafetensors(source, target, NameStyle.FASTAI, DType.FLOAT32);
    Checkpoint written = Checkpoints.open(target);
    assertThat(preview.requireArchitecture()).isEqualTo(written.requireArchitecture());
    assertThat(preview.head()).isEqualTo(written.head());
    assertThat(preview.knowledge()).isEqualTo(written.knowledge());
    assertThat(preview.source()).isEqualTo(written.source());
  }

  private int files;

  private Checkpoint convert(Checkpoint source, NameStyle style) {
    Path target = folder.resolve(files++ + ".safetensors");
    CheckpointConverter.toSafetensors(source, target, style, DType.FLOAT32);
    return Checkpoints.open(target);
  }
}
