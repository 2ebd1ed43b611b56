package io.camjar.gradcam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camjar.engine.model.family.Families;
import io.camjar.gradcam.TinyCheckpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code inspect}, {@code convert} and {@code layers}. */
class WeightsCommandsTests {
  @TempDir private Path folder;
  private Path weights;

  @BeforeEach
  void weights() throws IOException {
    weights = new TinyCheckpoint().write(folder.resolve("tiny.safetensors"));
  }

  @Test
  void inspectTellsWhatAFileHolds() {
    Run run = Run.of("inspect", weights.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .containsPattern("architecture +resnet18")
        .containsPattern("head +torchvision")
        .containsPattern("classes +5")
        .containsPattern("layer1\\.0\\.conv1\\.weight +4x4x3x3 +float32");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void inspectGivesJsonToPrograms() throws IOException {
    JsonNode inspection = inspect(weights);

    assertThat(inspection.get("architecture").asText()).isEqualTo("resnet18");
    assertThat(inspection.get("classes").asInt()).isEqualTo(5);
    assertThat(inspection.get("sha256").asText()).hasSize(64);
    assertThat(inspection.get("problem").isNull()).isTrue();
    JsonNode tensor = inspection.get("tensors").get(0);
    assertThat(tensor.get("name").asText()).isEqualTo("conv1.weight");
    assertThat(tensor.get("shape").toString()).isEqualTo("[4,3,7,7]");
    assertThat(tensor.get("dtype").asText()).isEqualTo("float32");
    assertThat(tensor.get("min").asDouble()).isLessThan(tensor.get("mean").asDouble());
    assertThat(tensor.get("max").asDouble()).isGreaterThan(tensor.get("std").asDouble());
  }

  @Test
  void inspectTellsWhatAnOnnxModelComputes() throws IOException {
    // One Sigmoid from x to y, opset 14.
    String model =
        "CAgSADo4Cg8KAXgSAXkiB1NpZ21vaWQSAWdaEAoBeBILCgkIARIFCgMSAW5i"
            + "EAoBeRILCgkIARIFCgMSAW5CBAoAEA4=";
    Path onnx = Files.write(folder.resolve("sigmoid.onnx"), Base64.getDecoder().decode(model));
    JsonNode inspection = inspect(onnx);

    assertThat(inspection.get("format").asText()).isEqualTo("onnx");
    assertThat(inspection.get("opset").asInt()).isEqualTo(14);
    assertThat(inspection.get("operations").toString()).isEqualTo("{\"Sigmoid\":1}");
    assertThat(inspection.get("problem").asText()).contains("x", "not one for images");
    assertThat(inspect(weights).has("opset")).isFalse();
    assertThat(Run.of("inspect", onnx.toString()).out())
        .containsPattern("opset +14")
        .containsPattern("operations +Sigmoid 1");
  }

  @Test
  void inspectSaysWhyANetworkWouldNotRun() throws IOException {
    Path broken =
        new TinyCheckpoint().without("layer2.1.bn2.bias").write(folder.resolve("b.safetensors"));

    assertThat(inspect(broken).get("problem").asText()).contains("layer2.1.bn2.bias");
    assertThat(Run.of("inspect", broken.toString()).out()).contains("layer2.1.bn2.bias");
  }

  @Test
  void convertWritesTheSameNetworkUnderOtherNames() throws IOException {
    Path target = folder.resolve("fastai.safetensors");
    Run run =
        Run.of(
            "convert",
            weights.toString(),
            "--to",
            target.toString(),
            "--names",
            "fastai",
            "--dtype",
            "float16");

    assertThat(run.exitCode()).isZero();
    JsonNode inspection = inspect(target);
    assertThat(inspection.get("architecture").asText()).isEqualTo("resnet18");
    assertThat(inspection.get("tensors").get(0).get("dtype").asText()).isEqualTo("float16");
    assertThat(inspection.get("tensors").findValuesAsText("name")).contains("0.0.weight");
  }

  /** A head of other names, or files that lie elsewhere then, would tell another preparation. */
  @ParameterizedTest
  @ValueSource(strings = {"torchvision.safetensors", "fastai.safetensors", "model.onnx"})
  void whatIsConvertedIsExplainedAlike(String name) throws IOException {
    Path hub = Files.createDirectory(folder.resolve("hub"));
    Files.move(weights, hub.resolve("model.safetensors"));
    Files.writeString(
        hub.resolve("config.json"),
        """
        {"id2label": {"0": "ant", "1": "bee", "2": "cat", "3": "dog", "4": "eel"},
         "problem_type": "multi_label_classification"}""");
    Files.writeString(
        hub.resolve("preprocessor_config.json"),
        """
        {"do_resize": true, "size": {"shortest_edge": 64}, "crop_pct": 0.875, "do_normalize": true,
         "image_mean": [0.5, 0.5, 0.5], "image_std": [0.25, 0.25, 0.25], "do_rescale": true,
         "rescale_factor": 0.00392156862745098, "resample": 3,
         "image_processor_type": "ConvNextImageProcessor"}""");
    Path target = folder.resolve(name);
    String style = name.startsWith("fastai") ? "fastai" : "torchvision";

    Run run = Run.of("convert", hub.toString(), "--to", target.toString(), "--names", style);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("it is written there how images are prepared");
    assertThat(answer(target)).isEqualTo(answer(hub));
    assertThat(Files.readString(target, StandardCharsets.ISO_8859_1))
        .contains("problem_type in config.json is multi_label_classification")
        .doesNotContain(folder.toString());
  }

  @Test
  void fastaisNamesDoNotChangeHowImagesArePrepared() throws IOException {
    Path target = folder.resolve("fastai.safetensors");
    Path back = folder.resolve("back.safetensors");
    for (Path[] way : new Path[][] {{weights, target}, {target, back}}) {
      String style = way[1].equals(target) ? "fastai" : "torchvision";
      Run run = Run.of("convert", way[0].toString(), "--to", way[1].toString(), "--names", style);
      assertThat(run.exitCode()).as(run.err()).isZero();
    }

    JsonNode before = answer(weights);
    assertThat(before.findValuesAsText("preset")).containsExactly("torchvision");
    assertThat(answer(target)).isEqualTo(before);
    assertThat(answer(back)).isEqualTo(before);
    assertThat(inspect(back).get("tensors").findValuesAsText("name")).contains("fc.weight");
  }

  @Test
  void fastaisNamesOfAnotherFamilyAreRefused() throws IOException {
    Path file = TinyCheckpoint.of(Families.named("mobilenet_v2", 3)).write(folder.resolve("m.st"));
    Path target = folder.resolve("f.safetensors");
    Run run = Run.of("convert", file.toString(), "--to", target.toString(), "--names", "fastai");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("mobilenet_v2", "leave --names fastai out");
    assertThat(target).doesNotExist();
  }

  /** What is answered about an image with a file's network, and how the image was prepared. */
  private JsonNode answer(Path file) throws IOException {
    Path image = TinyImage.write(folder.resolve("image.png"), 50, 40);
    Path out = folder.resolve("answer-of-" + file.getFileName());
    Run run =
        Run.of(
            "explain",
            image.toString(),
            "--weights",
            file.toString(),
            "--format",
            "json",
            "--out",
            out.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode record = new ObjectMapper().readTree(out.resolve("image.json").toFile());
    return new ObjectMapper()
        .createObjectNode()
        .<ObjectNode>set("top", record.get("top"))
        .set("input", record.get("input"));
  }

  @Test
  void convertRefusesWhatItCannotUse() throws IOException {
    Path text = Files.writeString(folder.resolve("text.pth"), "hello");
    Path target = folder.resolve("out.safetensors");

    assertThat(Run.of("convert", text.toString(), "--to", target.toString()).exitCode())
        .isEqualTo(3);
    assertThat(Run.of("convert", weights.toString()).exitCode()).isEqualTo(2);
    assertThat(
            Run.of("convert", weights.toString(), "--to", target.toString(), "--dtype", "int8")
                .exitCode())
        .isEqualTo(2);
    assertThat(target).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"o.safetensors", "o.onnx"})
  void convertRefusesAFolderThatIsMissing(String name) {
    Path target = folder.resolve("none").resolve(name);
    Run run = Run.of("convert", weights.toString(), "--to", target.toString());
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err())
        .isEqualTo(
            "camjar: there is no folder %s to write %s to; make it first%n"
                .formatted(target.getParent(), name));
  }

  @Test
  void convertWritesSafetensorsUnderNoOtherName() {
    for (String name : new String[] {"out.pt", "out.pth", "out"}) {
      Path target = folder.resolve(name);
      Run run = Run.of("convert", weights.toString(), "--to", target.toString());
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains("safetensors and ONNX", name);
      assertThat(target).doesNotExist();
    }
  }

  @Test
  void convertLosesNoFile() throws IOException {
    byte[] before = Files.readAllBytes(weights);
    Path link = Files.createSymbolicLink(folder.resolve("link.safetensors"), weights);
    for (Path target : new Path[] {weights, link}) {
      Run run =
          Run.of(
              "convert",
              weights.toString(),
              "--to",
              target.toString(),
              "--names=fastai",
              "--overwrite");
      assertThat(run.exitCode()).isEqualTo(3);
      assertThat(run.err()).contains("is the file that is converted").hasLineCount(1);
    }
    assertThat(Files.readAllBytes(weights)).isEqualTo(before);
  }

  @Test
  void convertReplacesAnotherFileIfToldTo() throws IOException {
    Path target = Files.writeString(folder.resolve("mine.safetensors"), "mine");
    String[] args = {"convert", weights.toString(), "--to", target.toString()};
    Run refused = Run.of(args);

    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.err()).contains("mine.safetensors is there already", "--overwrite");
    assertThat(target).hasContent("mine");
    assertThat(Run.of("convert", weights.toString(), "--to", target.toString(), "--overwrite"))
        .returns(0, Run::exitCode);
    assertThat(Run.of(args).exitCode()).as("the same again").isZero();
  }

  @Test
  void wordsMayBeSpelledAsPeopleDo() {
    assertThat(Run.of("layers", "--arch", "ResNet-50").out()).contains("layer4.2.conv3");
    Path target = folder.resolve("half.safetensors");
    assertThat(
            Run.of(
                    "convert",
                    weights.toString(),
                    "--to",
                    target.toString(),
                    "--names=FastAI",
                    "--dtype=Float-16")
                .exitCode())
        .isZero();
  }

  @Test
  void layersListsEveryPointWithItsCost() {
    Run run = Run.of("layers", "--arch", "resnet34", "--size", "352");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("21,797,672 parameters")
        .containsPattern("stem +\\* +Sequential +64x88x88")
        .containsPattern("layer4\\.2 +\\* +BasicBlock +512x11x11")
        .containsPattern("layer2\\.0\\.downsample +Sequential +128x44x44")
        .contains("0.7.2", "layer-4 - conv-3", "first conv");
  }

  @Test
  void layersOfTheBuiltInModelUnlessAskedOtherwise() {
    assertThat(Run.of("layers").out()).startsWith("resnet34, fastai1 head, 10 classes");
    assertThat(Run.of("layers", "--weights", weights.toString()).out())
        .startsWith("resnet18, torchvision head, 5 classes");
  }

  private static JsonNode inspect(Path file) throws IOException {
    Run run = Run.of("inspect", file.toString(), "--json");
    assertThat(run.exitCode()).isZero();
    return new ObjectMapper().readTree(run.out());
  }
}
