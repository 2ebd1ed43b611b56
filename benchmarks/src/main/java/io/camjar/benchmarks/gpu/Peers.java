package io.camjar.benchmarks.gpu;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** PyTorch on the same card, through {@code gpu_peers.py}, where Python has it. */
final class Peers {
  private static final int FIELDS = 4;

  private Peers() {}

  /**
   * Adds a row for each line of the script, {@code what, verdict, error, milliseconds} between
   * tabs; a line without tabs is a fact.
   *
   * @param answers logits of ResNet-34, which the script's own are compared with
   * @param seconds after which it is ended
   */
  static void run(GpuReport report, Path script, Path answers, long seconds) {
    try {
      Process python =
          new ProcessBuilder(
                  "python3", script.toString(), answers.toString(), Long.toString(seconds))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      Thread limit = new Thread(() -> end(python, seconds), "gpu-check-limit");
      limit.setDaemon(true);
      limit.start();
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(python.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          add(report, line);
        }
      }
    } catch (IOException e) {
      report.fact("PyTorch", "there is no python3");
    }
  }

  private static void add(GpuReport report, String line) {
    String[] fields = line.split("\t", -1);
    if (fields.length < FIELDS) {
      report.fact("PyTorch", line);
      return;
    }
    report.row(
        new GpuReport.Row(
            "PyTorch " + fields[0],
            fields[1],
            Double.valueOf(fields[2]),
            Double.valueOf(fields[3]),
            null,
            null));
  }

  private static void end(Process process, long seconds) {
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
