package io.camjar.gradcam;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.family.MsdNet;
import io.camjar.engine.model.family.MsdNetDesign;
import io.camjar.engine.model.family.VisionTransformer;
import io.camjar.gradcam.image.Preset;
import io.camjar.gradcam.image.SuggestedPreset;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.CheckpointConverter;
import io.camjar.weights.Checkpoints;
import io.camjar.weights.container.Knowledge;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How images are prepared for families whose own programs differ from torchvision's. */
class SuggestedPresetTests {
  @TempDir private Path folder;

  private String preparation(Architecture architecture, String name) throws IOException {
    Path file = TinyCheckpoint.of(architecture).write(folder.resolve(name));
    return StatedModel.of(Checkpoints.open(file)).preset().describe();
  }

  private static VisionTransformer vit(int grid) {
    return new VisionTransformer("vit", "timm", 3, 16, grid, grid, 64, 1, 1, 64, false, 5);
  }

  @Test
  void timmsTransformersAreNormalisedByHalves() throws IOException {
    assertThat(preparation(vit(14), "vit.safetensors")).contains("mean 0.5", "224 x 224");
    assertThat(preparation(vit(24), "vit.safetensors")).contains("mean 0.5", "384 x 384");
    assertThat(preparation(vit(14), "deit.safetensors")).contains("mean 0.485", "DeiT");
  }

  /** Its architecture is not told in an ONNX model, so the model itself says what follows of it. */
  @Test
  void anOnnxModelIsToldWhatItsLayersWouldNotSay() throws IOException {
    Checkpoint vit = Checkpoints.open(TinyCheckpoint.of(vit(14)).write(folder.resolve("v.st")));
    Path model = folder.resolve("v.onnx");
    Knowledge told = vit.knowledge().withPreparation(SuggestedPreset.untold(vit).orElseThrow());
    CheckpointConverter.toOnnx(vit, model, false, told);

    Preset before = StatedModel.of(vit).preset();
    Preset after = StatedModel.of(Checkpoints.open(model)).preset();
    assertThat(after.steps()).isEqualTo(before.steps());
    assertThat(after.mean()).isEqualTo(before.mean()).containsOnly(0.5f);
    assertThat(after.std()).isEqualTo(before.std());
    assertThat(after.describe())
        .contains(
            "(from the file, as camjar took it before the conversion: by default, timm's for"
                + " vision transformers");
    assertThat(SuggestedPreset.untold(Checkpoints.open(model))).isEmpty();
  }

  /**
   * An ONNX model that takes any size says none, even if it is written of one that states 40x33.
   */
  @Test
  void anOnnxModelIsToldTheSizeThatItWillNotState() throws IOException {
    Path open = folder.resolve("open.onnx");
    Checkpoint resnet = Checkpoints.open(new TinyCheckpoint().write(folder.resolve("r.st")));
    CheckpointConverter.toOnnx(resnet, open, false);
    Checkpoint stating = Checkpoints.open(stating(open, 40, 33));
    Preset before = StatedModel.of(stating).preset();
    assertThat(before.describe()).contains("40 x 33");

    Path model = folder.resolve("written.onnx");
    Knowledge told =
        stating.knowledge().withPreparation(SuggestedPreset.untold(stating).orElseThrow());
    CheckpointConverter.toOnnx(stating, model, false, told);

    assertThat(StatedModel.of(Checkpoints.open(model)).preset().steps()).isEqualTo(before.steps());
    assertThat(SuggestedPreset.untold(Checkpoints.open(open))).isEmpty();
  }

  /** The same model with numbers, below 128, in the place of the names of its open sides. */
  private Path stating(Path model, int height, int width) throws IOException {
    String bytes = Files.readString(model, StandardCharsets.ISO_8859_1);
    String stated =
        bytes
            .replace(
                "\u0012\u0006height", "\b" + (char) (0x80 | height) + "\u0080".repeat(5) + "\0")
            .replace("\u0012\u0005width", "\b" + (char) (0x80 | width) + "\u0080".repeat(4) + "\0");
    return Files.writeString(folder.resolve("stated.onnx"), stated, StandardCharsets.ISO_8859_1);
  }

  @Test
  void anOnnxModelHasNoMakerWhomItsHeadTells() throws IOException {
    Checkpoint resnet = Checkpoints.open(new TinyCheckpoint().write(folder.resolve("r.st")));
    Path model = folder.resolve("r.onnx");
    CheckpointConverter.toOnnx(resnet, model, false, resnet.knowledge());
    assertThat(StatedModel.of(Checkpoints.open(model)).preset().describe())
        .contains("an ONNX file does not tell")
        .doesNotContain("onnx's");
  }

  @Test
  void nothingIsToldThatIsTakenAnyway() throws IOException {
    Path resnet = new TinyCheckpoint().write(folder.resolve("resnet.safetensors"));
    assertThat(SuggestedPreset.untold(Checkpoints.open(resnet))).isEmpty();
    assertThat(SuggestedPreset.untold(Checkpoints.builtin())).isEmpty();
  }

  @Test
  void cifarsNetworksSeeTheWholeImage() throws IOException {
    List<Integer> widths = List.of(1, 2, 4);
    for (MsdNetDesign.Names names : MsdNetDesign.Names.values()) {
      MsdNetDesign design =
          new MsdNetDesign(
              names,
              MsdNetDesign.Stem.CIFAR,
              4,
              2,
              widths,
              widths,
              List.of(1, 1),
              MsdNetDesign.Pruning.MAX,
              0.5,
              128);
      String found = preparation(new MsdNet("msdnet", design, 3, 10), "m.safetensors");
      assertThat(found).contains("32");
      assertThat(found.contains("0.4914")).isEqualTo(names == MsdNetDesign.Names.REFERENCE);
    }
  }
}
