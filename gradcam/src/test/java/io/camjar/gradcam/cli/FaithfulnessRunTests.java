package io.camjar.gradcam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code evaluate} with {@code --method}: tables over methods. */
class FaithfulnessRunTests {
  @TempDir private Path temp;
  private Path weights;
  private Path pictures;

  @BeforeEach
  void files() throws IOException {
    weights = new TinyCheckpoint().write(temp.resolve("tiny.safetensors"));
    pictures = Files.createDirectories(temp.resolve("pictures/some"));
    TinyPicture.write(pictures.resolve("a.png"), 70, 64);
    TinyPicture.write(pictures.resolve("b.png"), 64, 90);
  }

  @Test
  void aRowForEachMethodAndTheBaselineWithIntervals() {
    Run run = evaluate("--method gradcam,gradcamplusplus --steps 2");

    assertThat(run.exitCode()).isZero();
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(5);
    assertThat(lines.get(0))
        .startsWith("method")
        .contains("deletion -", "insertion +", "drop -", "increase +", "road +", "coherency +")
        .doesNotContain("pointing");
    assertThat(lines.get(1)).startsWith("gradcam ").contains("±");
    assertThat(lines.get(2)).startsWith("gradcam++ ");
    assertThat(lines.get(3)).startsWith("randomcam ");
    assertThat(lines.get(4)).startsWith("2 pictures, layer layer4.1");
  }

  @Test
  void boxesBringThePointingGameAndTheEnergy() throws IOException {
    Path boxes =
        Files.writeString(
            temp.resolve("boxes.csv"),
            "picture,left,top,right,bottom\nsome/a.png,0,0,70,64\n# none for b\n");

    Run run = evaluate("--method gradcam --steps 1 --boxes " + boxes);

    assertThat(run.out()).contains("pointing +", "energy +");
    assertThat(run.out().lines().skip(1).findFirst().orElseThrow()).endsWith("1.000");
  }

  @Test
  void theSanityCheckHasAColumnForEachPart() {
    Run run = evaluate("--method guidedbackprop --sanity --limit 1");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("cascading", "independent", "head", "layer4", "stem")
        .contains("1 pictures");
    assertThat(run.out().lines().filter(line -> line.startsWith("guidedbackprop"))).hasSize(2);
  }

  @Test
  void aBrokenPictureIsReportedOnceAndTheOthersCount() throws IOException {
    Files.writeString(pictures.resolve("c.png"), "no picture");

    Run run = evaluate("--method gradcam --steps 1");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).containsOnlyOnce("c.png");
    assertThat(run.out()).contains("2 pictures");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--method gradcamm | did you mean gradcam",
        "--sanity | say which with --method",
        "--method gradcam --limit 0 | --limit is 0",
        "--method gradcam --steps 0 | --steps is 0",
      })
  void whatMakesNoSenseIsWrongUsage(String options, String message) {
    Run run = evaluate(options);

    assertThat(run.err()).contains(message);
    assertThat(run.exitCode()).isEqualTo(2);
  }

  @Test
  void aWrongLineOfBoxesIsNamed() throws IOException {
    Path boxes = Files.writeString(temp.resolve("boxes.csv"), "a.png,9,0,3,8\n");

    Run run = evaluate("--method gradcam --boxes " + boxes);

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("boxes.csv, line 1", "a.png,9,0,3,8");
  }

  private Run evaluate(String options) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "evaluate",
                temp.resolve("pictures").toString(),
                "--weights",
                weights.toString(),
                "--size",
                "64"));
    Stream.of(options.split(" ")).forEach(args::add);
    return Run.of(args.toArray(new String[0]));
  }
}
