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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * From the start of a process to a heat map on disk: a ResNet-34 checkpoint and an image in, an
 * overlay out.
 */
final class ColdStart {
  private static final String PYTHON = "/usr/bin/python3";
  private static final int POLL_MILLISECONDS = 5;

  private final SourceTree layout;
  private final MeasurementPlan pace;
  private final TimeLimit deadline;
  private final Optional<Build> before;
  private final boolean withPeers;

  ColdStart(
      SourceTree layout,
      MeasurementPlan pace,
      TimeLimit deadline,
      Optional<Build> before,
      boolean withPeers) {
    this.layout = layout;
    this.pace = pace;
    this.deadline = deadline;
    this.before = before;
    this.withPeers = withPeers;
  }

  /** Starts all of them in turn. */
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
    Map<String, String> missing = new LinkedHashMap<>();
    List<Seat> seats = new ArrayList<>();
    Seat ours = camjar("camjar", layout.launcher(), task, folder.resolve("ours"));
    if (ours.watched.exitCode != 0) {
      throw new IllegalStateException("camjar explain: " + ours.complaint(layout));
    }
    seats.add(ours);
    if (before.isPresent()) {
      Build build = before.get();
      if (build.hasLauncher()) {
        admit(
            camjar(build.name(), build.launcher(), task, folder.resolve("before")), seats, missing);
      } else {
        missing.put(build.name(), "a folder of jars has no launcher");
      }
    }
    if (withPeers) {
      admit(python(task, folder.resolve("python")), seats, missing);
    }
    for (int i = 0; i < pace.coldStarts() && (i == 0 || !deadline.passed()); i++) {
      for (Seat seat : seats) {
        seat.timed.add(start(seat.command, seat.folder, false));
      }
    }
    List<Measurement> measured = seats.stream().map(Seat::measurement).toList();
    return new Result(task, measured.get(0), measured.subList(1, measured.size()), missing);
  }

  private void admit(Seat seat, List<Seat> seats, Map<String, String> missing) {
    if (seat.watched.exitCode != 0) {
      missing.put(seat.name, seat.complaint(layout));
    } else if (seat.topClass != seats.get(0).topClass) {
      missing.put(seat.name, "it finds class %d, not camjar's".formatted(seat.topClass));
    } else {
      seats.add(seat);
    }
  }

  private Seat camjar(String name, Path launcher, Task task, Path folder)
      throws IOException, InterruptedException {
    Files.createDirectory(folder);
    List<String> command =
        List.of(
            launcher.toString(),
            "explain",
            layout.picture().toString(),
            "--weights",
            layout.weights().toString(),
            "--out",
            folder.toString(),
            "--format",
            "png,json",
            "--threads",
            Integer.toString(task.threads()));
    Start watched = start(command, folder, true);
    Path json = folder.resolve("picture.json");
    int topClass =
        Files.exists(json)
            ? new ObjectMapper().readTree(json.toFile()).at("/top/0/index").asInt(-1)
            : -1;
    return new Seat(name, command, folder, watched, topClass);
  }

  private Seat python(Task task, Path folder) throws IOException, InterruptedException {
    Files.createDirectory(folder);
    Path png = folder.resolve("python.png");
    List<String> command =
        List.of(
            PYTHON,
            layout.coldStartScript().toString(),
            layout.picture().toString(),
            "--weights",
            layout.weights().toString(),
            "--out",
            png.toString(),
            "--threads",
            Integer.toString(task.threads()));
    Start watched = start(command, folder, true);
    String[] words = watched.output.trim().split("\t");
    return words.length == 2 && Files.exists(png)
        ? new Seat(words[0], command, folder, watched, Integer.parseInt(words[1]))
        : new Seat("python-torch", command, folder, watched, -1);
  }

  /**
   * One of those that are started in turn.
   *
   * @param name in tables
   * @param folder of its own, for what it writes
   * @param watched its first start, untimed: it fills the file cache, and a launcher may have to
   *     build. Memory is taken there, since to look at it again and again takes time from a process
   *     that uses all cores
   * @param topClass that it found
   */
  private record Seat(
      String name,
      List<String> command,
      Path folder,
      Start watched,
      int topClass,
      List<Start> timed) {
    Seat(String name, List<String> command, Path folder, Start watched, int topClass) {
      this(name, command, folder, watched, topClass, new ArrayList<>());
    }

    String complaint(SourceTree layout) {
      return "exit code %d, see %s"
          .formatted(watched.exitCode, layout.root().relativize(layout.log()));
    }

    Measurement measurement() {
      return new Measurement(
          name,
          "process start to PNG on disk, files in the page cache",
          Spread.of(timed.stream().mapToDouble(Start::milliseconds).toArray()),
          watched.peakMebibytes,
          0,
          "");
    }
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
