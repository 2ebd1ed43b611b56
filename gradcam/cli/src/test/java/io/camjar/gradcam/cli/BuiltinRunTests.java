package io.camjar.gradcam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code explain} without arguments: what a user sees first. */
class BuiltinRunTests {
  @TempDir private static Path out;
  private static Run run;

  @BeforeAll
  static void explain() {
    run = Run.of("explain", "--out", out.toString());
  }

  @Test
  void eachClassIsStrongestInsideItsOwnObjectsBox() {
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .containsPattern("golf ball at layer4\\.2: strongest at .*, inside its box")
        .containsPattern("parachute at layer4\\.2: strongest at .*, inside its box")
        .doesNotContain("outside");
  }

  @Test
  void bothClassesAreExplainedAtTheStemAndAllSixteenBlocks() throws IOException {
    JsonNode record = new ObjectMapper().readTree(out.resolve("scene.json").toFile());

    assertThat(record.get("image").asText()).isEqualTo("built-in scene");
    assertThat(record.get("maps")).hasSize(34);
    assertThat(record.get("maps").findValuesAsText("label")).contains("golf ball", "parachute");
    assertThat(record.get("model").get("source").asText()).isEqualTo("built-in");
  }

  @Test
  void theSheetTheOverlaysAndTheRecordAreWritten() throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      List<String> names = files.map(file -> file.getFileName().toString()).toList();
      assertThat(names)
          .hasSize(34 * 3 + 2)
          .contains("scene_evolution.png", "scene.json", "scene_layer4.2_8.png")
          .contains("scene_stem_9_map.png", "scene_layer1.0_9_gray.png");
    }
  }
}
