package io.camjar.gradcam.cli.earlier;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.cli.Run;
import io.camjar.gradcam.cli.TinyImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second run into the same folder adds to what is there, or is refused; it loses nothing. */
class EarlierResultsTests {
  @TempDir private Path folder;
  private Path weights;
  private Path dog;
  private Path out;

  @BeforeEach
  void firstRun() throws IOException {
    weights = new TinyCheckpoint().write(folder.resolve("tiny.safetensors"));
    dog = TinyImage.write(folder.resolve("dog.png"), 60, 45);
    out = folder.resolve("out");
    assertThat(explain(dog, "--class", "3").exitCode()).isZero();
  }

  @Test
  void theSameCommandReplacesItsOwnResults() throws IOException {
    assertThat(explain(dog, "--class", "3").exitCode()).isZero();
    assertThat(maps()).containsExactly("layer4.1 3");
  }

  @Test
  void otherLayersClassesAndColoursOfTheSameAddToTheRecord() throws IOException {
    assertThat(explain(dog, "--class", "1").exitCode()).isZero();
    assertThat(explain(dog, "--class", "3", "--layer", "layer2").exitCode()).isZero();
    assertThat(explain(dog, "--class", "3", "--colormap", "magma").exitCode()).isZero();

    assertThat(maps()).containsExactlyInAnyOrder("layer4.1 3", "layer4.1 1", "layer2 3");
    assertThat(out.resolve("dog_layer4.1_1.png")).exists();
  }

  @Test
  void mapsWhoseFilesAreGoneLeaveTheRecord() throws IOException {
    Files.delete(out.resolve("dog_layer4.1_3_map.png"));
    assertThat(explain(dog, "--class", "1").exitCode()).isZero();
    assertThat(maps()).containsExactly("layer4.1 1");
  }

  @Test
  void anotherMethodIsRefusedBeforeAnythingIsReplaced() throws IOException {
    refused(explain(dog, "--class", "3", "--method", "layercam"), "was gradcam, now layercam");
    refused(explain(dog, "--class", "3", "--smooth", "eigen"), "smooth=eigen");
  }

  @Test
  void anotherImagePreparationScoreOrNetworkIsRefused() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    Path namesake = TinyImage.write(other.resolve("dog.png"), 50, 50);
    Path wide =
        new TinyCheckpoint()
            .with("fc.weight", 7, 32)
            .with("fc.bias", 7)
            .write(folder.resolve("wide.safetensors"));

    refused(explain(namesake, "--class", "3"), "the image was " + dog);
    refused(explain(dog, "--class", "3", "--size", "96"), "at 96 x 96");
    refused(explain(dog, "--class", "3", "--preset", "fastai2-squish"), "fastai2-squish");
    refused(explain(dog, "--class", "3", "--weights", wide.toString()), "wide.safetensors");
  }

  @Test
  void theSameImageByAnotherWayToItIsTheSame() {
    Path around = folder.resolve("out").resolve("..").resolve("dog.png");
    assertThat(explain(around, "--class", "3").exitCode()).isZero();
  }

  @Test
  void overwritingLeavesNoMapsThatNoRecordTellsOf() throws IOException {
    explain(dog, "--class", "1");
    Run run = explain(dog, "--class", "3", "--method", "layercam", "--overwrite");

    assertThat(run.exitCode()).isZero();
    assertThat(maps()).containsExactly("layer4.1 3");
    assertThat(record().get("method").asText()).isEqualTo("layercam");
    assertThat(out.resolve("dog_layer4.1_1.png")).doesNotExist();
  }

  @Test
  void filesWithoutARecordAreComparedByContent() throws IOException {
    Path bare = folder.resolve("bare");
    assertThat(explain(dog, "--format", "png", "--out", bare.toString()).exitCode()).isZero();
    assertThat(explain(dog, "--format", "png", "--out", bare.toString()).exitCode()).isZero();
    Run other = explain(dog, "--format", "png", "--method", "layercam", "--out", bare.toString());
    assertThat(other.exitCode()).isEqualTo(3);
    assertThat(other.err()).contains("is there already, with other values");
  }

  @Test
  void tablesOfOtherImagesOrAnotherMethodAreRefused() throws IOException {
    Path cat = TinyImage.write(folder.resolve("cat.png"), 60, 45);
    Path cow = TinyImage.write(folder.resolve("cow.png"), 60, 45);
    Path many = folder.resolve("many");
    assertThat(explain(dog, cat.toString(), "--out", many.toString()).exitCode()).isZero();
    String before = Files.readString(many.resolve("results.csv"));

    Run others = explain(cow, cat.toString(), "--out", many.toString());
    Run method = explain(dog, cat.toString(), "--out", many.toString(), "--method", "layercam");
    assertThat(others.exitCode()).isEqualTo(3);
    assertThat(others.err()).contains("dog.png is not among this run's images", "--overwrite");
    assertThat(method.exitCode()).isEqualTo(3);
    assertThat(method.err()).contains("method was 'gradcam', now 'layercam'");
    assertThat(Files.readString(many.resolve("results.csv"))).isEqualTo(before);

    assertThat(explain(dog, cat.toString(), cow.toString(), "--out", many.toString()).exitCode())
        .as("more images")
        .isZero();
  }

  private void refused(Run run, String difference) throws IOException {
    assertThat(run.err().lines().toList())
        .last()
        .asString()
        .contains("dog.json is of another run", difference, "--overwrite");
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(maps()).containsExactly("layer4.1 3");
    assertThat(record().get("method").asText()).isEqualTo("gradcam");
  }

  private List<String> maps() throws IOException {
    List<String> maps = new ArrayList<>();
    for (JsonNode map : record().get("maps")) {
      maps.add(map.get("layer").asText() + " " + map.get("class").get("index").asInt());
    }
    return maps;
  }

  private JsonNode record() throws IOException {
    return new ObjectMapper().readTree(out.resolve("dog.json").toFile());
  }

  private Run explain(Path image, String... more) {
    List<String> args = new ArrayList<>(List.of("explain", image.toString()));
    args.addAll(List.of(more));
    if (!args.contains("--weights")) {
      args.addAll(List.of("--weights", weights.toString()));
    }
    if (!args.contains("--out")) {
      args.addAll(List.of("--out", out.toString()));
    }
    return Run.of(args.toArray(new String[0]));
  }
}
