package io.camjar.gradcam.cli.convert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camjar.engine.model.family.Families;
import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.cli.Run;
import io.camjar.gradcam.cli.TinyImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code convert}: the same network in another file, and no file lost. */
class ConvertCommandTests {
  @TempDir private Path folder;
  private Path weights;

  @BeforeEach
  void weights() throws IOException {
    weights = new TinyCheckpoint().write(folder.resolve("tiny.safetensors"));
  }

  @Test
  void writesTheSameNetworkUnderOtherNames() throws IOException {
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

  @Test
  void wordsMayBeSpelledAsPeopleDo() {
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
  void refusesWhatItCannotUse() throws IOException {
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
  void refusesAFolderThatIsMissing(String name) {
    Path target = folder.resolve("none").resolve(name);
    Run run = Run.of("convert", weights.toString(), "--to", target.toString());
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err())
        .isEqualTo(
            "camjar: there is no folder %s to write %s to; make it first%n"
                .formatted(target.getParent(), name));
  }

  @Test
  void writesSafetensorsUnderNoOtherName() {
    for (String name : new String[] {"out.pt", "out.pth", "out"}) {
      Path target = folder.resolve(name);
      Run run = Run.of("convert", weights.toString(), "--to", target.toString());
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains("safetensors and ONNX", name);
      assertThat(target).doesNotExist();
    }
  }

  @Test
  void losesNoFile() throws IOException {
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
  void replacesAnotherFileIfToldTo() throws IOException {
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

  private static JsonNode inspect(Path file) throws IOException {
    Run run = Run.of("inspect", file.toString(), "--json");
    assertThat(run.exitCode()).isZero();
    return new ObjectMapper().readTree(run.out());
  }
}
