package io.camjar.benchmarks.compare;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.benchmarks.protocol.PeakMemory;
import io.camjar.benchmarks.protocol.Task;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * From the start of a process to a heat map on disk: a ResNet-34 checkpoint and a picture in, an
 * overlay out.
 */
final class ColdStart {
  private static final String PYTHON = "/usr/bin/python3";
  private static final int POLL_MILLISECONDS = 5;

  private final Layout layout;
  private final Pace pace;
  private final Deadline deadline;

  ColdStart(Layout layout, Pace pace, Deadline deadline) {
    this.layout = layout;
    this.pace = pace;
    this.deadline = deadline;
  }

  /** Starts both in turn. */
  Result play(Task task) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("camjar-cold-start");
    try {
      return play(task, folder);
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private Result play(Task task, Path folder) throws IOException, InterruptedException {
    Path weights = layout.models().resolve("resnet34.pth");
    Path picture = layout.models().resolve("picture.png");
    Path png = folder.resolve("python.png");
    List<String> threads = List.of("--threads", Integer.toString(task.threads()));
    List<String> camjar = new ArrayList<>(List.of(layout.launcher().toString(), "explain"));
    camjar.addAll(List.of(picture.toString(), "--weights", weights.toString()));
    camjar.addAll(List.of("--out", folder.toString(), "--format", "png,json"));
    camjar.addAll(threads);
    List<String> python = new ArrayList<>(List.of(PYTHON, layout.coldStartScript().toString()));
    python.addAll(List.of(picture.toString(), "--weights", weights.toString()));
    python.addAll(List.of("--out", png.toString()));
    python.addAll(threads);

    // Untimed: fills the file cache for both, and the launcher may have to build. Memory is taken
    // here, since to look at it again and again takes time from a process that uses all cores.
    Start ours = start(camjar, folder, true);
    requireDone(ours, "camjar explain");
    Start peer = start(python, folder, true);
    Map<String, String> missing = new LinkedHashMap<>();
    String name = "python-torch";
    if (peer.exitCode != 0 || !Files.exists(png)) {
      missing.put(name, "exit code %d, see %s".formatted(peer.exitCode, layout.log()));
    } else {
      String[] words = peer.output.trim().split("\t");
      name = words[0];
      if (Integer.parseInt(words[1]) != topClass(folder)) {
        missing.put(name, "it finds class %s, not camjar's".formatted(words[1]));
      }
    }
    List<Start> oursTimed = new ArrayList<>();
    List<Start> peerTimed = new ArrayList<>();
    for (int i = 0; i < pace.coldStarts() && (i == 0 || !deadline.passed()); i++) {
      oursTimed.add(start(camjar, folder, false));
      if (missing.isEmpty()) {
        peerTimed.add(start(python, folder, false));
      }
    }
    return new Result(
        task,
        measurement("camjar", oursTimed, ours),
        missing.isEmpty() ? List.of(measurement(name, peerTimed, peer)) : List.of(),
        missing);
  }

  private int topClass(Path folder) throws IOException {
    return new ObjectMapper()
        .readTree(folder.resolve("picture.json").toFile())
        .at("/top/0/index")
        .asInt(-1);
  }

  private void requireDone(Start start, String what) {
    if (start.exitCode != 0) {
      throw new IllegalStateException(
          "%s ended with code %d, see %s".formatted(what, start.exitCode, layout.log()));
    }
  }

  private static Measurement measurement(String name, List<Start> starts, Start watched) {
    return new Measurement(
        name,
        "process start to PNG on disk, files in the page cache",
        Spread.of(starts.stream().mapToDouble(Start::milliseconds).toArray()),
        watched.peakMebibytes,
        0,
        "");
  }

  /** One process from start to end; its peak is NaN if nobody watched. */
  private record Start(double milliseconds, double peakMebibytes, int exitCode, String output) {}

  private Start start(List<String> command, Path folder, boolean watched)
      throws IOException, InterruptedException {
    Path output = folder.resolve("stdout.txt");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectOutput(output.toFile());
    builder.redirectError(Redirect.appendTo(layout.log().toFile()));
    long begin = System.nanoTime();
    Process process = builder.start();
    double peak = watched ? peak(process) : Double.NaN;
    int exitCode = process.waitFor();
    double milliseconds = (System.nanoTime() - begin) / 1e6;
    return new Start(
        milliseconds, peak, exitCode, Files.readString(output, StandardCharsets.UTF_8));
  }

  /** Looks at a process until it ends. */
  private static double peak(Process process) throws InterruptedException {
    double peak = Double.NaN;
    while (!process.waitFor(POLL_MILLISECONDS, TimeUnit.MILLISECONDS)) {
      double now = PeakMemory.mebibytes(process.pid());
      peak = Double.isNaN(now) ? peak : now;
    }
    return peak;
  }
}
