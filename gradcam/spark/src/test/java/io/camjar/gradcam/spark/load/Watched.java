package io.camjar.gradcam.spark.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a program took; on Linux alone.
 *
 * @param code its exit code
 * @param seconds by the clock
 * @param userSeconds of its processors, without the kernel's
 * @param resident memory in MB, once a second, of the program and all that it started
 * @param heaps memory in MB that Java's objects took right after a full collection
 * @param output what it printed on stdout
 */
record Watched(
    int code,
    double seconds,
    double userSeconds,
    List<Double> resident,
    List<Double> heaps,
    String output) {
  private static final Pattern USED = Pattern.compile("(?:heap|generation).*? used (\\d+)K");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final int COLLECTIONS = 5;

  /**
   * Runs a program to its end.
   *
   * @param log where stdout, stderr and the times go
   * @param every seconds between full collections, at most five of them
   */
  static Watched run(List<String> command, Path log, int every)
      throws IOException, InterruptedException {
    Path output = log.resolveSibling(log.getFileName() + ".out");
    Path times = log.resolveSibling(log.getFileName() + ".times");
    // bash counts the time of what a program's children took too.
    List<String> timed = new ArrayList<>();
    timed.add("bash");
    timed.add("-c");
    timed.add("TIMEFORMAT='%R %U'; log=$1; shift; { time \"$@\" 2>\"$log\"; } 2>\"$log.times\"");
    timed.add("bash");
    timed.add(log.toString());
    timed.addAll(command);
    Process process = new ProcessBuilder(timed).redirectOutput(output.toFile()).start();
    List<Double> resident = new ArrayList<>();
    List<Double> heaps = new ArrayList<>();
    for (int second = 1; !process.waitFor(1, TimeUnit.SECONDS); second++) {
      List<ProcessHandle> all = process.descendants().toList();
      double now = all.stream().mapToDouble(Watched::resident).sum();
      if (now > 0) {
        resident.add(now);
      }
      if (second % every == 0 && heaps.size() < COLLECTIONS) {
        all.stream()
            .filter(one -> one.info().command().orElse("").endsWith("/java"))
            .mapToDouble(Watched::heap)
            .max()
            .ifPresent(heaps::add);
      }
    }
    String[] taken = Files.readString(times, StandardCharsets.UTF_8).strip().split("\\s+", 0);
    return new Watched(
        process.exitValue(),
        Double.parseDouble(taken[taken.length - 2]),
        Double.parseDouble(taken[taken.length - 1]),
        resident,
        heaps,
        Files.readString(output, StandardCharsets.UTF_8));
  }

  private static double resident(ProcessHandle process) {
    try {
      return number(RESIDENT, Files.readString(Path.of("/proc/%d/status".formatted(process.pid()))))
          / 1024;
    } catch (IOException ended) {
      return 0;
    }
  }

  private static double heap(ProcessHandle process) {
    try {
      jcmd(process, "GC.run");
      return number(USED, jcmd(process, "GC.heap_info")) / 1024;
    } catch (IOException ended) {
      return 0;
    }
  }

  private static String jcmd(ProcessHandle process, String command) throws IOException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(process.pid()),
                command)
            .redirectErrorStream(true)
            .start();
    return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static double number(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    double sum = 0;
    while (matcher.find()) {
      sum += Long.parseLong(matcher.group(1));
    }
    return sum;
  }

  /** Resident memory at eight moments, and the heaps after collections. */
  String memory() {
    int moments = Math.min(8, resident.size());
    String over =
        Stream.iterate(1, i -> i + 1)
            .limit(moments)
            .map(i -> "%.0f".formatted(resident.get(i * resident.size() / moments - 1)))
            .collect(Collectors.joining(" "));
    String after =
        heaps.stream()
            .map(heap -> String.format(Locale.ROOT, "%.0f", heap))
            .collect(Collectors.joining(" "));
    return "MB resident %s, most %.0f; of objects after full collections %s"
        .formatted(over, resident.stream().mapToDouble(Double::doubleValue).max().orElse(0), after);
  }
}
