package io.camjar.gradcam.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.cli.Run;
import io.camjar.gradcam.cli.TinyImage;
import io.camjar.gradcam.cli.errors.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A body without a classifier on the command line: maps of methods that know no class. */
class NoClassifierRunTests {
  @TempDir private Path folder;

  @BeforeEach
  void files() throws IOException {
    new TinyCheckpoint()
        .without("fc.weight")
        .without("fc.bias")
        .write(folder.resolve("body.safetensors"));
    TinyImage.write(folder.resolve("dog.png"), 40, 32);
    TinyImage.write(folder.resolve("cat.png"), 32, 40);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--method eigencam",
        "--method eigencam --layer all --format png,npy,json,html,gif",
        "--method eigencam,meanactivation --format png,json,html",
        "--method all --format png,json",
        "--method eigencam --layer all --beside meanactivation",
      })
  void oneImageIsExplained(String options) {
    Run run = run("explain " + folder.resolve("dog.png") + " " + options);
    assertThat(run.err()).doesNotContain("unexpected error");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("it has no classifier").doesNotContain("the head is");
    assertThat(run.err().lines()).allMatch(line -> line.startsWith("camjar: "));
  }

  @Test
  void manyImagesAreExplained() {
    Run run = run("explain " + folder + " --method eigencam --format png,json,html");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(folder.resolve("out/index.html")).exists();
    assertThat(folder.resolve("out/results.csv")).exists();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--method gradcam", "--method eigencam --class 3", "--method eigencam --expect 1"})
  void aClassCannotBeAskedFor(String options) {
    Run run = run("explain " + folder.resolve("dog.png") + " " + options);
    assertThat(run.err()).contains("no classifier").doesNotContain("unexpected error");
    assertThat(run.exitCode()).isIn(ExitCode.USAGE, ExitCode.UNUSABLE);
  }

  @Test
  void itCannotBeEvaluated() throws IOException {
    Files.createDirectories(folder.resolve("set/dog"));
    Files.createDirectories(folder.resolve("set/cat"));
    Files.copy(folder.resolve("dog.png"), folder.resolve("set/dog/a.png"));
    Files.copy(folder.resolve("cat.png"), folder.resolve("set/cat/b.png"));
    Run run = run("evaluate " + folder.resolve("set"));
    assertThat(run.err()).contains("no classifier").doesNotContain("unexpected error");
    assertThat(run.exitCode()).isEqualTo(ExitCode.UNUSABLE);
  }

  private Run run(String words) {
    List<String> all = new ArrayList<>(Arrays.asList(words.split(" ")));
    all.addAll(List.of("--weights", folder.resolve("body.safetensors").toString()));
    if (words.startsWith("explain")) {
      all.addAll(List.of("--out", folder.resolve("out").toString()));
    }
    return Run.of(all.toArray(String[]::new));
  }
}
