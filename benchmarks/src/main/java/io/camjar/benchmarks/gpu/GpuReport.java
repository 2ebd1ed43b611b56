package io.camjar.benchmarks.gpu;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a check of a machine found: lines as it goes on, a table at its end, and a file. */
final class GpuReport {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** The verdict on what there was no time for. */
  static final String NOT_REACHED = "not reached";

  private final PrintStream out;
  private final Map<String, Object> facts = new LinkedHashMap<>();
  private final List<Row> rows = new ArrayList<>();

  /**
   * A line of the table.
   *
   * @param what was computed
   * @param verdict {@code ok}, {@code WRONG}, {@code not reached} or {@code failed: ...}
   * @param error over the largest value, or null
   * @param milliseconds per run, or null
   * @param teraflops as the definition counts operations, or null
   * @param percentOfPeak of the multiply-adds that the device reaches, or null
   */
  record Row(
      String what,
      String verdict,
      @Nullable Double error,
      @Nullable Double milliseconds,
      @Nullable Double teraflops,
      @Nullable Double percentOfPeak) {}

  GpuReport(PrintStream out) {
    this.out = out;
  }

  /** A fact of the machine. */
  void fact(String name, Object value) {
    facts.put(name, value);
    out.printf("%-28s %s%n", name, value);
    out.flush();
  }

  /** A result. */
  void row(Row row) {
    rows.add(row);
    out.println("  " + text(row));
    out.flush();
  }

  /** Whether nothing was wrong and nothing failed. */
  boolean isGood() {
    return rows.stream()
        .noneMatch(row -> row.verdict.equals("WRONG") || row.verdict.startsWith("failed"));
  }

  /** What there was no time for. */
  long notReached() {
    return rows.stream().filter(row -> row.verdict.equals(NOT_REACHED)).count();
  }

  private static String text(Row row) {
    return String.format(
        Locale.ROOT,
        "%-48s %-12s %9s %10s %9s %7s",
        row.what,
        row.verdict,
        row.error == null ? "" : String.format(Locale.ROOT, "%.1e", row.error),
        number(row.milliseconds, "%.3f"),
        number(row.teraflops, "%.3f"),
        number(row.percentOfPeak, "%.1f"));
  }

  private static String number(@Nullable Double value, String format) {
    return value == null ? "" : String.format(Locale.ROOT, format, value);
  }

  /** The table, with the facts above it. */
  void print() {
    out.println();
    facts.forEach((name, value) -> out.printf("%-28s %s%n", name, value));
    out.println();
    out.printf(
        "%-48s %-12s %9s %10s %9s %7s%n", "what", "answer", "error", "ms", "TFLOP/s", "% peak");
    rows.forEach(row -> out.println(text(row)));
    out.flush();
  }

  /** The same as JSON. */
  void write(Path file) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>(facts);
    all.put("good", isGood());
    all.put("not reached", notReached());
    all.put("rows", rows);
    JSON.writeValue(file.toFile(), all);
  }
}
