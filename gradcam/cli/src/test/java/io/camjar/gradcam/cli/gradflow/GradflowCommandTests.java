package io.camjar.gradcam.cli.gradflow;

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

/** What {@code gradflow} writes and prints, and what it refuses. */
class GradflowCommandTests {
  @TempDir Path folder;
  private Path image;

  @BeforeEach
  void draw() throws IOException {
    image = TinyImage.write(folder.resolve("a.png"), 64, 64);
  }

  private Run run(String... options) {
    List<String> args = new ArrayList<>(List.of("gradflow", image.toString()));
    args.addAll(List.of("--out", folder.resolve("out").toString()));
    args.addAll(List.of(options));
    return Run.of(args.toArray(String[]::new));
  }

  @Test
  void writesTableRecordSheetAndPage() throws IOException {
    Path weights = new TinyCheckpoint().write(folder.resolve("tiny.safetensors"));
    Run run = run("--weights", weights.toString(), "--size", "64");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("gradflow.csv", "gradflow.json", "gradflow.png", "gradflow.html");
    Path out = folder.resolve("out");
    assertThat(Files.readString(out.resolve("gradflow.csv"))).contains("layer1.0.add.branch");
    assertThat(Files.readString(out.resolve("gradflow.html")))
        .contains("\"layer1.0.add.shortcut\"")
        .doesNotContain("src=", "http:");
    JsonNode record = new ObjectMapper().readTree(out.resolve("gradflow.json").toFile());
    assertThat(record.path("points").get(0).path("activation").path("histogram")).hasSize(129);
  }

  @Test
  void theBuiltInModelIsHealthy() {
    Run run = run();
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("no findings: nothing is dead, vanishes, explodes");
  }

  @Test
  void refusesWhatMakesNoSense() {
    for (String[] wrong :
        List.of(
            new String[] {"--dead", "1.5", "must be above 0 and at most 1"},
            new String[] {"--exploding", "1", "must be more than 1"},
            new String[] {"--vanishing", "0", "must be above 0 and below 1"},
            new String[] {"--near-zero", "-1", "must be 0 or more"},
            new String[] {"--threads", "0", "must be from 1 to 1024"})) {
      Run run = run(wrong[0], wrong[1]);
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains(wrong[0] + " is " + wrong[1], wrong[2]);
    }
  }
}
