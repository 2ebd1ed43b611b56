package io.camjar.gradcam.cli.explain;

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
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code explain --method a,b} and {@code --method all}. */
class SeveralMethodsTests {
  @TempDir private Path folder;

  @BeforeEach
  void files() throws IOException {
    new TinyCheckpoint().write(folder.resolve("tiny.safetensors"));
    TinyImage.write(folder.resolve("dog.png"), 40, 32);
  }

  @Test
  void eachMethodHasItsFilesAndASheetAndAPageShowAll() throws IOException {
    Run run =
        explain(
            "--method grad-cam,EigenCAM --layer layer3,layer4 --class 1 --format png,json,html");

    assertThat(run.err()).doesNotContain("Exception");
    assertThat(run.exitCode()).isZero();
    assertThat(written())
        .contains(
            "dog_methods_1.png",
            "dog_methods.html",
            "dog_gradcam.json",
            "dog_eigencam.json",
            "dog_gradcam_layer4_1.png",
            "dog_eigencam_layer4_1_map.png")
        .doesNotContain("dog.json", "dog.html", "dog_layer4_1.png");
    for (String method : List.of("gradcam", "eigencam")) {
      assertThat(
              new ObjectMapper()
                  .readTree(folder.resolve("out/dog_%s.json".formatted(method)).toFile())
                  .get("method")
                  .asText())
          .isEqualTo(method);
    }
    assertThat(run.out())
        .contains("gradcam: class 1 at layer4", "eigencam: any class at layer4")
        .contains("among them", "dog_methods_1.png", "dog_methods.html");
    assertThat(Files.readString(folder.resolve("out/dog_methods.html")))
        .contains("\"method\":\"gradcam\"", "\"method\":\"eigencam\"");
  }

  /** Rows of two methods name the same layers and classes. */
  @Test
  void tablesSayWhichMethodMadeAMap() throws IOException {
    Run run = explain("--method gradcam,eigencam --layer layer4 --class 1 --summary");

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode maps =
        new ObjectMapper()
            .readTree(folder.resolve("out/results.json").toFile())
            .at("/results/0/maps");
    assertThat(maps.findValuesAsText("method")).containsExactly("gradcam", "eigencam");
    assertThat(Files.readAllLines(folder.resolve("out/results.csv")).get(1))
        .containsPattern("layer4:1:[^;]*:gradcam;layer4:1:[^;]*:eigencam,");
    assertThat(Files.readString(folder.resolve("out/index.html")))
        .contains(", gradcam; eigencam, preset ");
  }

  @Test
  void oneMethodKeepsTheNamesItHas() throws IOException {
    assertThat(explain("--method gradcam --class 1").exitCode()).isZero();
    assertThat(written()).contains("dog.json", "dog_layer4.1_1.png");
  }

  @Test
  void nothingOfOtherMethodsIsReplacedUnasked() throws IOException {
    String same = "--method gradcam,layercam --class 1 --format png,html,json";
    String other = "--method gradcam,eigencam --class 1 --format png,html,json";
    assertThat(explain(same).exitCode()).isZero();
    byte[] sheet = Files.readAllBytes(folder.resolve("out/dog_methods_1.png"));
    assertThat(explain(same).exitCode()).as("the same again").isZero();
    Run refused = explain(other);

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.err()).contains("of another run", "--overwrite");
    assertThat(folder.resolve("out/dog_methods_1.png")).hasBinaryContent(sheet);
    assertThat(explain(other + " --overwrite").exitCode()).isZero();
  }

  @Test
  void allAreThoseWithLayersToChoose() throws IOException {
    Run run = explain("--method all --class 1 --format json --size 33 --layer layer4");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(written())
        .contains("dog_gradcam.json", "dog_scorecam.json", "dog_eigencam.json")
        .noneMatch(name -> name.contains("guidedbackprop"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"layer3,layer4", "all"})
  void allLeavesOutWhatHasNoMapOfALayer(String layers) throws IOException {
    Run run = explain("--method all --class 1 --format json --size 33 --layer " + layers);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("note: cam is left out: cam weights what the linear layer");
    assertThat(written()).contains("dog_gradcam.json").doesNotContain("dog_cam.json");
  }

  @Test
  void allLeavesOutWhatCannotExplainTheScore() throws IOException {
    Run run = explain("--method all --class 1 --format json --size 33 --score probability");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("note: finercam is left out: finercam makes a score of its own");
    assertThat(written()).contains("dog_cam.json").doesNotContain("dog_finercam.json");
  }

  @Test
  void onlyMethodsThatRunAreCommented() {
    Run run = explain("--method all --class 1 --format json --size 33");
    assertThat(run.err())
        .contains("note: eigencam looks at activations alone")
        .doesNotContain("rollout");
  }

  @Test
  void mistakesAreNamed() {
    assertThat(explain("--method gradcam,lime").err()).contains("there is no method \"lime\"");
    assertThat(explain("--method gradcam,guidedbackprop").err()).contains("ask for it alone");
    assertThat(explain("--method gradcam,layercam --layer all --beside eigencam").err())
        .contains("--beside goes with one method");
  }

  private Run explain(String options) {
    List<String> words = new ArrayList<>(List.of("explain", folder.resolve("dog.png").toString()));
    words.addAll(List.of("--weights", folder.resolve("tiny.safetensors").toString()));
    words.addAll(Arrays.asList(options.split(" ")));
    words.addAll(List.of("--out", folder.resolve("out").toString()));
    return Run.of(words.toArray(String[]::new));
  }

  private List<String> written() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("out"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
