package io.camjar.gradcam.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.cli.Run;
import io.camjar.gradcam.cli.TinyImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code camjar doctor}: what it prints, and that it takes the options that explain takes. */
class DoctorTests {
  @TempDir private Path folder;

  @Test
  void saysWhatTheFileIsAndWhatIsAssumed() throws IOException {
    JsonNode diagnosis = doctor(tiny());

    assertThat(diagnosis.get("architecture").asText()).isEqualTo("resnet18");
    assertThat(diagnosis.get("sha256").asText()).matches("[0-9a-f]{64}");
    assertThat(diagnosis.get("problem").isNull()).isTrue();
    assertThat(diagnosis.get("assumed").findValuesAsText("what"))
        .contains("weights.names", "preparation.size", "outputs.activation", "outputs.labels");
  }

  @Test
  void withoutAnImageOnlyTheFileIsTested() throws IOException {
    JsonNode findings = doctor(tiny()).get("findings");

    assertThat(findings.findValuesAsText("mistake"))
        .containsExactly("unit", "channel-order", "resize", "statistics", "labels");
    assertThat(findings.findValuesAsText("verdict").subList(0, 3)).containsOnly("untested");
  }

  @Test
  void anImageIsTestedInOtherPreparations() throws IOException {
    JsonNode findings =
        doctor(tiny(), TinyImage.write(folder.resolve("dog.png"), 60, 45)).get("findings");

    assertThat(findings.get(0).get("measured").asText()).startsWith("conv1's outputs vary ");
    assertThat(findings.get(1).get("measured").asText())
        .isEqualTo("as prepared class 0 0.500; with blue first class 0 0.500: not surer");
    assertThat(findings.get(1).get("verdict").asText()).isEqualTo("fine");
    assertThat(findings.get(2).get("measured").asText()).contains("with a squish class 0 0.500");
  }

  @Test
  void namesThatDoNotCountTheOutputsAreWrong() throws IOException {
    Path file =
        TinyCheckpoint.answering(1, 1)
            .named("tench", "church", "golf ball")
            .write(folder.resolve("three.safetensors"));

    JsonNode labels = doctor(file).get("findings").get(4);

    assertThat(labels.get("verdict").asText()).isEqualTo("wrong");
    assertThat(labels.get("measured").asText()).startsWith("3 names in the file, 2 outputs");
  }

  @Test
  void aNetworkOfAnotherWidthIsBuiltFromTorchvisionsParts() throws IOException {
    String python = doctor(tiny()).get("python").toString();

    assertThat(python)
        .contains("R.ResNet(R.BasicBlock, [2, 2, 2, 2], num_classes=2)")
        .contains("net.layer4 = net._make_layer(R.BasicBlock, 32, 2, stride=2)")
        .contains("tiny.safetensors")
        .contains("image.jpg");
  }

  @Test
  void theBuiltInModelIsExaminedWithoutAFile() throws IOException {
    JsonNode diagnosis = doctor();

    assertThat(diagnosis.get("file").asText()).isEqualTo("built-in");
    assertThat(diagnosis.get("note").asText()).contains("camjar's own jar");
  }

  @Test
  void optionsAreThoseOfExplain() throws IOException {
    Path labels = Files.writeString(folder.resolve("labels.txt"), "cat\ndog\nowl\n");
    Path image = TinyImage.write(folder.resolve("dog.png"), 60, 45);
    Run run =
        Run.of(
            "doctor",
            "--json",
            "--weights",
            tiny().toString(),
            image.toString(),
            "--labels",
            labels.toString(),
            "--preset",
            "caffe",
            "--size",
            "64x96",
            "--orient",
            "none");
    JsonNode diagnosis = new ObjectMapper().readTree(run.out());

    assertThat(diagnosis.get("findings").get(4).get("measured").asText())
        .startsWith("3 names in --labels, 2 outputs");
    assertThat(diagnosis.get("python").toString())
        .contains("x.resize((96, 64), Image.BILINEAR)")
        .contains("x[:, [2, 1, 0]]");
    assertThat(diagnosis.get("assumed").findValuesAsText("source")).contains("option");
  }

  @Test
  void twoFilesAndWeightsAreOneTooMany() throws IOException {
    String tiny = tiny().toString();
    assertThat(Run.of("doctor", "--weights", tiny, tiny, "dog.png").exitCode()).isEqualTo(2);
    assertThat(Run.of("doctor", tiny, "--mean", "1").exitCode()).isEqualTo(2);
  }

  @Test
  void aThirdFileIsOneTooMany() throws IOException {
    String image = TinyImage.write(folder.resolve("dog.png"), 60, 45).toString();

    Run run = Run.of("doctor", tiny().toString(), image, image);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("Unmatched argument at index 3");
  }

  @Test
  void aKeyWithoutAFileIsRefused() {
    Run run = Run.of("doctor", "--key", "model");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--key chooses among the networks of a weights file");
  }

  @Test
  void aFileThatDoesNotRunIsStillDescribed() throws IOException {
    Path file =
        new TinyCheckpoint().without("bn1.weight").write(folder.resolve("hole.safetensors"));

    JsonNode diagnosis = doctor(file);

    assertThat(diagnosis.get("problem").asText()).contains("bn1.weight");
    assertThat(diagnosis.get("findings")).isEmpty();
  }

  @Test
  void readersGetTables() throws IOException {
    Run run = Run.of("doctor", tiny().toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("resnet18, torchvision head, 2 classes").contains("mistake");
  }

  private Path tiny() throws IOException {
    return TinyCheckpoint.answering(1, 1).write(folder.resolve("tiny.safetensors"));
  }

  private static JsonNode doctor(Path... files) throws IOException {
    String[] arguments = new String[files.length + 2];
    arguments[0] = "doctor";
    arguments[1] = "--json";
    for (int i = 0; i < files.length; i++) {
      arguments[i + 2] = files[i].toString();
    }
    Run run = Run.of(arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return new ObjectMapper().readTree(run.out());
  }
}
