package io.camjar.gradcam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Arguments that make no sense end with 2, one sentence, and nothing read or written. */
class UsageTests {
  @TempDir private Path folder;

  static Stream<Arguments> wrong() {
    return Stream.of(
        arguments("Unknown option: '--colour'", "--colour", "red"),
        arguments("\"gradcamm\"; did you mean gradcam", "--method", "gradcamm"),
        arguments("no method \"lime\"; there are gradcam,", "--method", "lime"),
        arguments("no preset \"keras\"; there are caffe, ", "--preset", "keras"),
        arguments("\"torchvison\"; did you mean torchvision?", "--preset", "torchvison"),
        arguments("'pngg'; did you mean png?", "--format", "json,pngg"),
        arguments("'jett'; did you mean jet?", "--colormap", "jett"),
        arguments("'tpu'", "--device", "tpu"),
        arguments("--memory is 'much'; give low or fast", "--memory", "much"),
        arguments("--alpha is 1.5", "--alpha", "1.5"),
        arguments("--alpha is NaN", "--alpha", "NaN"),
        arguments("'much' is not a number", "--alpha", "much"),
        arguments("--threads is 0", "--threads", "0"),
        arguments("--threads is 9999, but must be from 1 to 1024", "--threads", "9999"),
        arguments("'two' is not a whole number", "--threads", "two"),
        arguments("0 must lie in 1 to 4096", "--size", "0"),
        arguments("100000 must lie in 1 to 4096", "--size", "100000"),
        arguments("'324x' is not a size", "--size", "324x"),
        arguments("--layer has an empty name", "--layer", "layer4,,layer3"),
        arguments("--class is 'top0'", "--class", "top0"),
        arguments("--class is ''", "--class", ""),
        arguments("should be specified only once", "--method", "gradcam", "--method", "hirescam"),
        arguments("Missing required parameter", "--method"),
        arguments("leave --no-summary out", "--resume", "--no-summary"),
        arguments("--top-losses is -1", "--top-losses", "-1"),
        arguments("--key chooses among the networks of a weights file", "--key", "model"),
        arguments("the name of an image is empty", ""),
        arguments("'--input-npy': the name is empty", "--input-npy", ""),
        arguments("'--weights': the name is empty", "--weights", " "),
        arguments("--input-npy takes the place of images", "--input-npy", "x.npy"));
  }

  private static Arguments arguments(String message, String... options) {
    return Arguments.of(message, List.of(options));
  }

  @ParameterizedTest
  @MethodSource
  void wrong(String message, List<String> options) {
    Path out = folder.resolve("out");
    List<String> args = new ArrayList<>(List.of("explain", "no-such-picture.png", "--out"));
    args.add(out.toString());
    args.addAll(options);

    Run run = Run.of(args.toArray(new String[0]));

    assertThat(run.err()).contains(message);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(2).last().isEqualTo("Try ./camjar help explain");
    assertThat(run.out()).isEmpty();
    assertThat(out).doesNotExist();
  }

  @Test
  void anEmptyFolderOfResultsIsNotTheCurrentOne() {
    Run run = Run.of("explain", "no-such-picture.png", "--out", "");
    assertThat(run.err()).contains("'--out': the name is empty");
    assertThat(run.exitCode()).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource
  void wrongLayers(String message, List<String> options) {
    List<String> args = new ArrayList<>(List.of("layers"));
    args.addAll(options);

    Run run = Run.of(args.toArray(new String[0]));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(message, "Try ./camjar help layers");
  }

  static Stream<Arguments> wrongLayers() {
    return Stream.of(
        arguments("--arch does not know 'resnet19'; did you mean resnet18?", "--arch", "resnet19"),
        arguments(
            "does not know 'perceptron'; there are resnet18, resnet34", "--arch", "perceptron"),
        arguments(
            "camjar: --weights=FILE, --arch=NAME are mutually exclusive",
            "--arch",
            "resnet18",
            "--weights",
            "x.pth"),
        arguments("--key chooses among the networks of a weights file", "--key", "model"),
        arguments(
            "--key chooses among the networks of a weights file",
            "--arch",
            "resnet18",
            "--key",
            "model"),
        arguments("20x5000 must lie in 1 to 4096", "--arch", "resnet18", "--size", "20x5000"),
        arguments("Unmatched argument", "resnet18"));
  }
}
