package io.camjar.gradcam.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.gradcam.cli.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that fills up while a network is saved. The system's limit on the size of a file stands
 * for it: it makes the same write fail in the middle, and needs no rights.
 */
@EnabledOnOs(OS.LINUX)
class FullDiskTests {
  /** Of 512 bytes: less than the network, more than all other files. */
  private static final int BLOCKS = 100;

  @TempDir Path folder;

  @Test
  void leavesTheOldCheckpointAsItWas() throws IOException, InterruptedException {
    Path data = SmallTraining.images(folder.resolve("data"));
    Path out = Files.writeString(folder.resolve("m.safetensors"), "an earlier checkpoint");
    Path state = Files.writeString(folder.resolve("m.state.safetensors"), "its state");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    // Without perf data, a file of the JVM's own that exceeds the limit.
    List<String> command =
        new ArrayList<>(
            List.of(
                "sh",
                "-c",
                "ulimit -f %d; exec \"$@\"".formatted(BLOCKS),
                "sh",
                java,
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(
        List.of(SmallTraining.arguments("train", data, "--epochs", "1", "--out", out.toString())));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isNotZero();
    assertThat(said)
        .contains(
            "m.safetensors could not be saved (",
            "what was saved before is still there. Make room, then go on with --resume")
        .doesNotContain("\tat ");
    assertThat(out).hasContent("an earlier checkpoint");
    assertThat(state).hasContent("its state");
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }
}
