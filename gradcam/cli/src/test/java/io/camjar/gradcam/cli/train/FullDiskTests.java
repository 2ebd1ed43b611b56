package io.camjar.gradcam.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.gradcam.cli.Main;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
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
    Path data = images();
    Path out = Files.writeString(folder.resolve("m.safetensors"), "an earlier checkpoint");
    Path state = Files.writeString(folder.resolve("m.state.safetensors"), "its state");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    // Without perf data, a file of the JVM's own that exceeds the limit.
    String command = "ulimit -f %d; exec \"$@\"".formatted(BLOCKS);
    Process process =
        new ProcessBuilder(
                List.of(
                    "sh",
                    "-c",
                    command,
                    "sh",
                    java,
                    "-XX:-UsePerfData",
                    "-XX:TieredStopAtLevel=1",
                    "--add-modules",
                    "jdk.incubator.vector",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName(),
                    "train",
                    data.toString(),
                    "--arch",
                    "resnet18",
                    "--width",
                    "4",
                    "--size",
                    "32",
                    "--batch",
                    "4",
                    "--epochs",
                    "1",
                    "--out",
                    out.toString()))
            .redirectErrorStream(true)
            .start();
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

  private Path images() throws IOException {
    Path data = folder.resolve("data");
    for (String place : List.of("train/blue", "train/red", "val/blue", "val/red")) {
      Path target = Files.createDirectories(data.resolve(place));
      for (int i = 0; i < 2; i++) {
        BufferedImage image = new BufferedImage(36, 36, BufferedImage.TYPE_INT_RGB);
        image.setRGB(9 * i, 9, place.endsWith("red") ? 0xFF0000 : 0xFF);
        ImageIO.write(image, "png", target.resolve(i + ".png").toFile());
      }
    }
    return data;
  }
}
