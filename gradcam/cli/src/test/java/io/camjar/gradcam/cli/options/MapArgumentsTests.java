package io.camjar.gradcam.cli.options;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.cli.Run;
import io.camjar.gradcam.cli.TinyImage;
import io.camjar.gradcam.cli.output.ProgressOnErr;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
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

/** Methods and their options on the command line. */
class MapArgumentsTests {
  @TempDir private Path folder;
  private Path weights;
  private Path picture;
  private Path out;

  @BeforeEach
  void files() throws IOException {
    weights = new TinyCheckpoint().write(folder.resolve("tiny.safetensors"));
    picture = TinyImage.write(folder.resolve("dog.png"), 60, 45);
    out = folder.resolve("out");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gradcam | --smooth aug --fuse max --layer layer3,layer4",
        "GradCAM++ | --sign signed",
        "gradcamplusplus | --threshold 0.2",
        "layercam | --scale percentile:98 --smooth eigen,aug",
        "gradcam | --sign counterfactual --score probability",
        "hirescam | --against 1 --sign absolute --scale minmax",
        "scorecam | --layer layer4",
        "scorecam | --sign counterfactual",
        "ablationcam | --sign counterfactual",
        "ablationcam | --layer layer4.1.conv2",
        "randomcam | --class 1",
      })
  void leaveTheFilesOfTheContract(String method, String options) throws IOException {
    Run run = explain(method, options);

    assertThat(run.err()).doesNotContain("unexpected");
    assertThat(run.exitCode()).isZero();
    for (JsonNode map : record().get("maps")) {
      assertThat(map.get("status").asText()).isIn("ok", "no-positive-evidence");
      assertThat(map.get("files")).isNotEmpty();
    }
  }

  @Test
  void theRecordSaysWhatIsNotStandard() throws IOException {
    explain("gradcam", "--smooth aug --sign counterfactual --fuse mean --layer layer3,layer4");

    assertThat(record().get("method").asText()).isEqualTo("gradcam, counterfactual, smooth=aug");
    assertThat(record().get("maps").findValuesAsText("layer"))
        .containsExactly("layer3", "layer4", "fused-mean");
  }

  @Test
  void guidedBackpropagationCarriesItsWarningAndAnImageOfItsOwn() throws IOException {
    Run run = explain("guidedbackprop", "");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).contains("sanity check (arXiv 1810.03292)");
    assertThat(record().get("maps").get(0).get("layer").asText()).isEqualTo("input");
    assertThat(names()).anyMatch(name -> name.endsWith("_pixels.png"));
  }

  @Test
  void aMethodThatIsBlindToTheClassSaysSo() {
    assertThat(explain("eigencam", "").err()).contains("same whatever class is asked for");
    assertThat(explain("gradcam", "").err()).doesNotContain("note:", "whatever class");
  }

  @Test
  void camOfAHeadThatIsNotLinearNamesTheHead() {
    Run run = Run.of("explain", picture.toString(), "--method", "cam", "--out", out.toString());

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("fastai1").contains("use gradcam");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--smooth agu | did you mean aug?",
        "--fuse medium | does not know 'medium'; there are mean, max, product",
        "--sign negative | does not know 'negative'; there are rectified, signed,",
        "--threshold 1.5 | --threshold is 1.5, but must be above -1 and below 1",
        "--threshold -1 | --threshold is -1.0, but must be above -1 and below 1",
        "--scale max | there is no scale \"max\"",
        "--scale percentile:0 | over 0 and up to 100",
        "--score softmax | does not know 'softmax'; there are logit, probability",
        "--method eigencam --sign counterfactual | eigencam looks at activations alone",
        "--score probability --against 2 | leave --score out",
        "--method guidedbackprop --layer layer4 | leave --layer out",
      })
  void whatMakesNoSenseIsWrongUsage(String options, String message) {
    List<String> args = new ArrayList<>(List.of("explain", picture.toString()));
    Stream.of(options.split(" ")).forEach(args::add);

    Run run = Run.of(args.toArray(new String[0]));

    assertThat(run.err()).contains(message);
    assertThat(run.exitCode()).isEqualTo(2);
  }

  @Test
  void aSlowMethodSaysHowFarItIsAndAQuickOneNothing() {
    long[] clock = {0};
    StringWriter text = new StringWriter();
    ProgressOnErr progress = new ProgressOnErr(new PrintWriter(text), false, () -> clock[0]);

    for (int done = 0; done <= 64; done += 16) {
      progress.at("scorecam at layer4", done, 64);
      clock[0] += 1_500_000_000L;
    }

    assertThat(text.toString().lines())
        .containsExactly(
            "camjar: scorecam at layer4, 32 of 64, 10.7/s, 3 s left",
            "camjar: scorecam at layer4, 64 of 64, 10.7/s, 0 s left");
  }

  @Test
  void onATerminalItIsABar() {
    StringWriter text = new StringWriter();
    ProgressOnErr progress = new ProgressOnErr(new PrintWriter(text), true, System::nanoTime);

    progress.at("scorecam at layer4", 0, 64);
    progress.at("scorecam at layer4", 64, 64);

    assertThat(text.toString()).contains("\r").contains("scorecam at layer4 100%").endsWith("\n");
  }

  private Run explain(String method, String options) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "explain",
                picture.toString(),
                "--weights",
                weights.toString(),
                "--out",
                out.toString(),
                "--method",
                method));
    Stream.of(options.split(" ")).filter(word -> !word.isEmpty()).forEach(args::add);
    return Run.of(args.toArray(new String[0]));
  }

  private JsonNode record() throws IOException {
    return new ObjectMapper().readTree(out.resolve("dog.json").toFile());
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
