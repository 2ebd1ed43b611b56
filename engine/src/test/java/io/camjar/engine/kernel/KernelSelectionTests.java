package io.camjar.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelSelectionTests {

  @Test
  void takesTheVectorKernelsWhereTheModuleIsPresent() {
    assertThat(KernelSelection.named("").name()).isEqualTo("simd");
    assertThat(KernelSelection.named("SIMD").name()).isEqualTo("simd");
  }

  @Test
  void canBeForced() {
    assertThat(KernelSelection.named("nd4j").name()).isEqualTo("nd4j");
    assertThat(KernelSelection.named("reference").name()).isEqualTo("reference");
  }

  @Test
  void refusesAnUnknownName() {
    assertThatThrownBy(() -> KernelSelection.named("cuda"))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("'cuda', expected simd, nd4j or reference");
  }

  @Test
  void withoutTheModuleItSaysWhatIsLostAndRuns() throws Exception {
    List<String> lines = activeInAnotherJvm();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).contains("slower").contains("--add-modules jdk.incubator.vector");
    assertThat(lines.get(1)).isEqualTo("nd4j");
    assertThat(lines.get(2))
        .startsWith("the Vector API is missing")
        .endsWith("add --add-modules jdk.incubator.vector to the java command");
    assertThat(lines.get(3)).isEqualTo(lines.get(2));
  }

  @Test
  void withTheModuleThereIsNothingToSay() throws Exception {
    assertThat(activeInAnotherJvm("--add-modules=jdk.incubator.vector"))
        .endsWith("simd", "the fastest", "nothing to warn of");
    assertThat(activeInAnotherJvm("--add-modules=jdk.incubator.vector", "-Dcamjar.kernels=nd4j"))
        .endsWith("nd4j", "the property camjar.kernels asks for them", "nothing to warn of");
  }

  @Test
  void withoutTheModuleForcingItIsRefusedInOneSentence() throws Exception {
    assertThat(activeInAnotherJvm("-Dcamjar.kernels=simd"))
        .anyMatch(line -> line.contains("needs --add-modules jdk.incubator.vector"));
  }

  /** What a Java process without the vector module prints. */
  private static List<String> activeInAnotherJvm(String... flags)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flags));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), ActiveKernels.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output.lines().toList();
  }

  /** Prints the name of the kernels in use, and why they are slow. */
  static final class ActiveKernels {
    private ActiveKernels() {}

    public static void main(String[] args) {
      System.out.println(Kernels.active().name());
      System.out.println(Kernels.whySlow().orElse("the fastest"));
      System.out.println(Kernels.warning().orElse("nothing to warn of"));
    }
  }
}
