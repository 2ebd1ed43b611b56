package io.camjar.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Where something was measured.
 *
 * @param cpu as the system calls it, with family and model where a hypervisor hides the name
 * @param cores that Java may use
 */
record Machine(String cpu, int cores) {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  /** This machine. */
  static Machine current() throws IOException {
    List<String> lines = Files.isReadable(CPUINFO) ? Files.readAllLines(CPUINFO) : List.of();
    return new Machine(cpu(lines), Runtime.getRuntime().availableProcessors());
  }

  /** The processor from the lines of Linux's {@code /proc/cpuinfo}. */
  static String cpu(List<String> cpuinfo) {
    String name = field(cpuinfo, "model name");
    if (name.isEmpty()) {
      return System.getProperty("os.arch");
    }
    return "%s family %s model %s"
        .formatted(name, field(cpuinfo, "cpu family"), field(cpuinfo, "model"));
  }

  /** The first value of a key; empty if there is none. */
  static String field(List<String> cpuinfo, String key) {
    return cpuinfo.stream()
        .map(line -> line.split(":", 2))
        .filter(pair -> pair.length == 2 && pair[0].trim().equals(key))
        .map(pair -> pair[1].trim())
        .findFirst()
        .orElse("");
  }

  /** The processor's name as a file name wants it. */
  String fileName() {
    return cpu.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
  }

  @Override
  public String toString() {
    return "%s, %d cores".formatted(cpu, cores);
  }
}
