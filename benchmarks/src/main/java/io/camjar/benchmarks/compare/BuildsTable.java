package io.camjar.benchmarks.compare;

import static io.camjar.benchmarks.compare.MarkdownTable.format;
import static io.camjar.benchmarks.compare.MarkdownTable.time;

import java.util.Comparator;
import java.util.List;

/** This build of camjar compared with another one: time, peak memory and heap as ratios. */
final class BuildsTable {
  private static final String HEAD =
      """
      | workload | side | batch | threads | ours, ms | before, ms | ours/before | peak MiB, ours/before | heap, ours/before |
      |---|--:|--:|--:|--:|--:|--:|--:|--:|
      """;

  private BuildsTable() {}

  /** One line a task that both did, and the task with the largest ratio of times. */
  static String of(List<Result> results, String before) {
    List<Row> rows =
        results.stream()
            .flatMap(
                result ->
                    result.peers().stream()
                        .filter(peer -> peer.name().equals(before))
                        .map(peer -> new Row(result, peer)))
            .toList();
    StringBuilder table = new StringBuilder("Compared with " + before + ":\n\n").append(HEAD);
    rows.forEach(row -> table.append(row.text()));
    return rows.stream()
        .max(Comparator.comparingDouble(Row::ratio))
        .map(row -> table + format("%nLargest ours/before: %.3f, %s%n", row.ratio(), row.task()))
        .orElse("No task was timed with both this build and " + before + ".\n");
  }

  private record Row(Result result, Measurement before) {
    double ratio() {
      return result.ratio(before);
    }

    String task() {
      return result.task().toString();
    }

    String text() {
      Measurement ours = result.ours();
      return format(
          "| %s | %d | %d | %d | %s | %s | **%.3f** | %s | %s |%n",
          result.task().workload().title(),
          result.task().size(),
          result.task().batch(),
          result.task().threads(),
          time(ours.milliseconds()),
          time(before.milliseconds()),
          ratio(),
          share(ours.peakMebibytes(), before.peakMebibytes()),
          share(ours.heapBytes(), before.heapBytes()));
    }

    private static String share(double ours, double before) {
      return Double.isFinite(ours / before) ? format("%.3f", ours / before) : "–";
    }
  }
}
