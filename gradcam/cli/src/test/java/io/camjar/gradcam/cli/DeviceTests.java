package io.camjar.gradcam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code --device} where the modules that know devices are not in the class path. */
class DeviceTests {
  @TempDir Path folder;

  @BeforeEach
  void anImage() throws IOException {
    Files.write(Files.createDirectories(folder.resolve("cat")).resolve("a.png"), new byte[] {1});
  }

  static Stream<List<String>> commandsThatTakeOne() {
    return Stream.of(
        List.of("explain"),
        List.of("evaluate", "%s"),
        List.of("compare", "%s/a.pth", "%s/b.pth", "%s"),
        List.of("serve", "--port", "0"),
        List.of("gradflow", "%s"),
        List.of("find-lr", "%s"),
        List.of("train", "%s", "--out", "%s/n.safetensors"));
  }

  private Run run(List<String> words, String device) {
    return Run.of(
        Stream.concat(
                words.stream().map(word -> word.formatted(folder)), Stream.of("--device", device))
            .toArray(String[]::new));
  }

  @ParameterizedTest
  @MethodSource("commandsThatTakeOne")
  void aDeviceWhoseModuleIsNotThereEndsWith3AndItsName(List<String> command) {
    Run cuda = run(command, "cuda");
    assertThat(cuda.exitCode()).isEqualTo(3);
    assertThat(cuda.err())
        .contains("computes on cuda", "camjar-engine-gpu is not in the class path");

    Run nd4j = run(command, "cuda-nd4j");
    assertThat(nd4j.exitCode()).isEqualTo(3);
    assertThat(nd4j.err()).contains("the module camjar-engine-cuda-nd4j is not in the class path");
  }

  @ParameterizedTest
  @MethodSource("commandsThatTakeOne")
  void anUnknownDeviceIsWrongUsage(List<String> command) {
    Run run = run(command, "gpu");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--device is 'gpu'; give cpu, opencl, cuda or cuda-nd4j");
  }

  @ParameterizedTest
  @MethodSource("commandsThatTakeOne")
  void aPrecisionIsOfDevicesThatRound(List<String> command) {
    Run unknown = run(with(command, "--precision", "half"), "opencl");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("--precision is 'half'; give float32, tf32, float16");
    for (String device : List.of("cpu", "cuda-nd4j")) {
      Run run = run(with(command, "--precision", "float16"), device);
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err())
          .contains("--precision is 'float16', but %s computes in float32 only".formatted(device));
    }
  }

  private static List<String> with(List<String> command, String... more) {
    return Stream.concat(command.stream(), Stream.of(more)).toList();
  }

  @Test
  void aCommandWithoutANetworkToRunHasNoSuchOption() {
    Run run = run(List.of("layers"), "cuda");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--device");
  }
}
