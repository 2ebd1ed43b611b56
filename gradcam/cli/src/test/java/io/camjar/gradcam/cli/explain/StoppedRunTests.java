package io.camjar.gradcam.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.cli.Main;
import io.camjar.gradcam.cli.Run;
import io.camjar.gradcam.cli.TinyImage;
import io.camjar.gradcam.image.Images;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is told to end leaves whole files only, and the next does the rest. */
class StoppedRunTests {
  private static final int PICTURES = 600;
  private static final int TERMINATED = 143;

  @TempDir private Path folder;
  private Path weights;
  private Path photos;
  private Path out;

  @BeforeEach
  void manyImages() throws IOException {
    weights = new TinyCheckpoint().write(folder.resolve("tiny.safetensors"));
    photos = Files.createDirectory(folder.resolve("photos"));
    out = folder.resolve("out");
    Path first = TinyImage.write(photos.resolve("p1000.png"), 40, 36);
    for (int i = 1; i < PICTURES; i++) {
      Files.copy(first, photos.resolve("p%d.png".formatted(1000 + i)));
    }
  }

  @Test
  @Timeout(180)
  void wholeFilesAreLeftAndTheRestIsDoneLater() throws Exception {
    // A signal asks a process on Unix to end; elsewhere it is ended without being asked.
    assumeThat(File.separatorChar).isEqualTo('/');

    Process process = start();
    while (process.isAlive() && records().size() < 5) {
      Thread.sleep(5);
    }
    process.destroy();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

    String err = Files.readString(folder.resolve("err"));
    assertThat(process.exitValue()).as(err).isEqualTo(TERMINATED);
    assertThat(err).contains("stopped after", "of 600 images", "--resume");
    assertThat(err).doesNotContain("unexpected", "Exception");
    List<Path> records = records();
    assertThat(records).hasSizeBetween(5, PICTURES - 1);
    for (Path record : records) {
      assertWhole(record);
    }
    assertThat(names()).noneMatch(name -> name.startsWith(".") || name.endsWith(".part"));
    List<String> rows = Files.readAllLines(out.resolve("results.csv"));
    assertThat(rows.size() - 1).isBetween(records.size() - 1, records.size());
    assertThat(new ObjectMapper().readTree(out.resolve("results.json").toFile()).get("results"))
        .hasSize(rows.size() - 1);

    Map<Path, FileTime> before = times(records.subList(0, rows.size() - 1));
    Run rest = Run.of(arguments("--resume"));

    assertThat(rest.exitCode()).isZero();
    assertThat(rest.err())
        .contains("%d of %d images are done already".formatted(rows.size() - 1, PICTURES));
    assertThat(Files.readAllLines(out.resolve("results.csv"))).hasSize(PICTURES + 1);
    assertThat(times(List.copyOf(before.keySet()))).isEqualTo(before);
  }

  private Process start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("-Dcamjar.kernels=nd4j", Main.class.getName()));
    command.addAll(List.of(arguments()));
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  private String[] arguments(String... more) {
    List<String> arguments = new ArrayList<>(List.of("explain", photos.toString()));
    arguments.addAll(List.of("--weights", weights.toString(), "--out", out.toString()));
    arguments.addAll(List.of("--size", "64"));
    arguments.addAll(List.of(more));
    return arguments.toArray(new String[0]);
  }

  private void assertWhole(Path record) throws IOException {
    JsonNode json = new ObjectMapper().readTree(record.toFile());
    json.get("maps")
        .get(0)
        .get("files")
        .forEach(file -> assertThat(Images.read(out.resolve(file.asText())).width()).isEqualTo(40));
  }

  private List<Path> records() throws IOException {
    if (!Files.isDirectory(out)) {
      return List.of();
    }
    return names().stream()
        .filter(name -> name.startsWith("p") && name.endsWith(".json"))
        .map(out::resolve)
        .toList();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static Map<Path, FileTime> times(List<Path> files) throws IOException {
    Map<Path, FileTime> times = new HashMap<>();
    for (Path file : files) {
      times.put(file, Files.getLastModifiedTime(file));
    }
    return times;
  }
}
