package io.camjar.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The results as a table for people, one line a pair of camjar and a peer. */
final class MarkdownTable {
  private static final String HEAD =
      """
      | workload | side | batch | threads | camjar, ms | peer | peer, ms | ours/peer | peak MiB, ours / peer |
      |---|--:|--:|--:|--:|---|--:|--:|--:|
      """;

  private MarkdownTable() {}

  /** Medians, with half the width of the middle half of the runs after the sign ±. */
  static String of(List<Result> results) {
    StringBuilder table = new StringBuilder(HEAD);
    List<String> notes = new ArrayList<>();
    List<String> reports = new ArrayList<>();
    for (Result result : results) {
      if (result.peers().isEmpty()) {
        table.append(row(result, "–", "–", "–", memory(result.ours())));
      }
      for (Measurement peer : result.peers()) {
        table.append(
            row(
                result,
                peer.name(),
                time(peer.milliseconds()),
                format("**%.2f**", result.ratio(peer)),
                memory(result.ours()) + " / " + memory(peer)));
      }
      for (Measurement engine : result.everyone()) {
        if (!engine.report().isEmpty()) {
          reports.add("%s, %s %s".formatted(result.task(), engine.name(), engine.report()));
        }
      }
      result
          .missing()
          .forEach((peer, reason) -> notes.add(result.task() + ", " + peer + ": " + reason));
    }
    list(table, "Not timed:", notes);
    list(table, "What engines said of their runs:", reports);
    return table.toString();
  }

  private static void list(StringBuilder text, String heading, List<String> lines) {
    if (!lines.isEmpty()) {
      text.append('\n').append(heading).append("\n\n");
      lines.forEach(line -> text.append("- ").append(line).append('\n'));
    }
  }

  private static String row(Result result, String peer, String time, String ratio, String memory) {
    return format(
        "| %s | %d | %d | %d | %s | %s | %s | %s | %s |%n",
        result.task().workload().title(),
        result.task().size(),
        result.task().batch(),
        result.task().threads(),
        time(result.ours().milliseconds()),
        peer,
        time,
        ratio,
        memory);
  }

  static String time(Spread spread) {
    double half = (spread.high() - spread.low()) / 2;
    return format(spread.median() < 100 ? "%.1f ± %.1f" : "%.0f ± %.0f", spread.median(), half);
  }

  static String memory(Measurement engine) {
    return Double.isNaN(engine.peakMebibytes()) ? "?" : format("%.0f", engine.peakMebibytes());
  }

  static String format(String pattern, Object... arguments) {
    return String.format(Locale.ROOT, pattern, arguments);
  }
}
