package io.camjar.gradcam.cli.evaluate;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.cli.Run;
import io.camjar.gradcam.cli.TinyImage;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
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
    TinyImage.write(pictures.resolve("a.png"), 70, 64);
    TinyImage.write(pictures.resolve("b.png"), 64, 90);
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
    assertThat(lines.get(4)).startsWith("2 images, layer layer4.1");
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
  void theSanityCheckHasARowForEachPart() {
    Run run = evaluate("--method gradcam,guidedbackprop --sanity --limit 1");

    assertThat(run.exitCode()).isZero();
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(2 * (2 + 6) + 1);
    assertThat(lines.get(0)).startsWith("cascading: random from the scores down to the part");
    assertThat(lines.get(1)).startsWith("random").contains("gradcam", "guidedbackprop", "ssim");
    assertThat(lines.get(2)).startsWith("head ");
    assertThat(lines.get(7)).startsWith("stem ");
    assertThat(lines.get(8)).startsWith("independent: only the part is random");
    assertThat(lines.get(16)).startsWith("1 images, layer layer4.1");
  }

  @Test
  void theSanityCheckCanGoLayerByLayerAndWritesFiles() throws IOException {
    Path out = temp.resolve("out");

    Run run = evaluate("--method gradcam --sanity --every-layer --limit 1 --out " + out);

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("\nfc ", "\nlayer4.1.conv2 ", "\nconv1 ");
    assertThat(run.err()).contains("sanity.csv", "sanity.json", "sanity.png");
    assertThat(Files.readAllLines(out.resolve("sanity.csv")))
        .hasSize(1 + 2 * 21 * 3)
        .startsWith("mode,depth,part,method,measure,mean,margin95,pictures")
        .element(1, as(InstanceOfAssertFactories.STRING))
        .startsWith("cascading,1,fc,gradcam,spearman,")
        .endsWith(",,1");
    JsonNode record = new ObjectMapper().readTree(out.resolve("sanity.json").toFile());
    assertThat(record.get("similarities")).hasSize(2 * 21);
    assertThat(record.at("/similarities/0/ssim/margin").isNull()).isTrue();
    RgbImage plot = Images.read(out.resolve("sanity.png"));
    assertThat(plot.width()).isEqualTo(1440);
    assertThat(plot.height()).isEqualTo(840);
  }

  @Test
  void resultsGoToFilesImageByImageAndInSum() throws IOException {
    Path out = temp.resolve("out");

    Run run = evaluate("--method gradcam --steps 1 --out " + out);

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).contains("wrote", "faithfulness.csv");
    List<String> rows = Files.readAllLines(out.resolve("faithfulness.csv"));
    assertThat(rows).hasSize(1 + 2 * 2);
    assertThat(rows.get(0))
        .isEqualTo(
            "picture,index,label,probability,method,"
                + "deletion,insertion,drop,increase,road,coherency,complexity");
    assertThat(rows.get(1)).startsWith("some/a.png,").contains(",gradcam,");
    assertThat(rows.get(4)).startsWith("some/b.png,").contains(",randomcam,");
    assertThat(Files.readAllLines(out.resolve("faithfulness-summary.csv")))
        .hasSize(1 + 2 * 7)
        .startsWith("method,measure,better,mean,margin95,pictures")
        .element(1, as(InstanceOfAssertFactories.STRING))
        .startsWith("gradcam,deletion,lower,");
    JsonNode record = new ObjectMapper().readTree(out.resolve("faithfulness.json").toFile());
    assertThat(record.get("pictures").asInt()).isEqualTo(2);
    assertThat(record.at("/summary/randomcam/road/margin").isNumber()).isTrue();
    assertThat(record.at("/measured/3/figures/drop").isNumber()).isTrue();
    assertThat(record.at("/measured/0/class/index").isInt()).isTrue();
  }

  /** CAM needs the layer before the classifier, which is known before an image is read. */
  @Test
  void aMethodWithoutMapsOfTheLayerIsRefusedAtOnce() {
    Path out = temp.resolve("out");

    Run run = evaluate("--method gradcam,cam --layer layer3 --steps 1 --out " + out);

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).containsOnlyOnce("cam weights what the linear layer pools");
    assertThat(run.out()).isEmpty();
    assertThat(out).doesNotExist();
  }

  @Test
  void aFolderThatCannotHoldTheResultsIsRefusedAtOnce() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "");

    Run run = evaluate("--method gradcam --out " + file.resolve("below"));

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("cannot hold the results");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void aBrokenImageIsReportedOnceAndTheOthersCount() throws IOException {
    Files.writeString(pictures.resolve("c.png"), "no image");

    Run run = evaluate("--method gradcam --steps 1");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).containsOnlyOnce("c.png");
    assertThat(run.out()).contains("2 images");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--method gradcamm | did you mean gradcam",
        "--sanity | say which with --method",
        "--method gradcam --every-layer | --every-layer is about --sanity",
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
