package io.camjar.gradcam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.gradcam.TinyCheckpoint;
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

/** A method that has no map of the network is refused once, whatever the number of images. */
class UnsuitableMethodTests {
  @TempDir private Path folder;
  private Path images;
  private Path weights;
  private Path out;

  @BeforeEach
  void files() throws IOException {
    weights = new TinyCheckpoint().write(folder.resolve("tiny.safetensors"));
    images = Files.createDirectory(folder.resolve("images"));
    TinyImage.write(images.resolve("a.png"), 40, 32);
    TinyImage.write(images.resolve("b.png"), 32, 40);
    out = folder.resolve("out");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rollout",
        "gradcam,rollout",
        "cam --layer layer3",
        "cam --layer all",
        "gradcam --beside cam --layer all",
        "finercam --score probability",
        "finercam --class 1 --against 0",
        "gradcam --beside finercam --format html --score probability",
      })
  void explainRefusesIt(String method) {
    refused(run("explain " + images + " --weights " + weights + " --method " + method));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rollout",
        "gradcam,rollout --sanity",
        "gradcam,cam --layer layer3",
        "rollout --clusters 2",
      })
  void evaluateRefusesIt(String method) {
    refused(run("evaluate " + images + " --weights " + weights + " --method " + method));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rollout", "cam --layer layer3"})
  void compareRefusesIt(String method) {
    refused(run("compare %s %s %s --method %s".formatted(weights, weights, images, method)));
  }

  @Test
  void aMethodThatKnowsClassesIsRefusedWhereThereAreNone() throws IOException {
    Path body =
        new TinyCheckpoint()
            .without("fc.weight")
            .without("fc.bias")
            .write(folder.resolve("body.safetensors"));
    refused(run("explain " + images + " --weights " + body + " --method gradcam"));
  }

  private void refused(Run run) {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.UNUSABLE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).doesNotContain("a.png", "b.png", "note: rollout");
    assertThat(out).doesNotExist();
  }

  private Run run(String words) {
    List<String> all = new ArrayList<>(Arrays.asList(words.split(" ")));
    all.addAll(List.of("--out", out.toString()));
    return Run.of(all.toArray(String[]::new));
  }
}
