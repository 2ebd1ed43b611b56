package io.camjar.benchmarks.protocol;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How much resident memory a process has needed at most. */
public final class PeakMemory {
  private static final String FIELD = "VmHWM:";

  private PeakMemory() {}

  /** Peak of a process in MiB; NaN if it has ended or the system does not tell. */
  public static double mebibytes(long pid) {
    try {
      return mebibytes(Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")));
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  /** Peak from the lines of Linux's {@code /proc/PID/status}. */
  static double mebibytes(List<String> status) {
    return status.stream()
        .filter(line -> line.startsWith(FIELD))
        .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
        .findFirst()
        .orElse(Double.NaN);
  }
}
