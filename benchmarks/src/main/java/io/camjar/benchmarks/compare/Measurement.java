package io.camjar.benchmarks.compare;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One engine at one task.
 *
 * @param name the engine with its version
 * @param settings how it was set up
 * @param milliseconds per run
 * @param peakMebibytes largest resident memory of its process; NaN if unknown
 * @param error how far its answer is from camjar's; 0 for camjar
 * @param report what else it said
 */
record Measurement(
    String name,
    String settings,
    Spread milliseconds,
    double peakMebibytes,
    double error,
    String report) {
  private static final Pattern HEAP = Pattern.compile("allocates ([0-9,]+) bytes of heap");

  /** Bytes of heap that a warm run allocates; NaN if the report has no such figure. */
  double heapBytes() {
    Matcher heap = HEAP.matcher(report);
    return heap.find() ? Double.parseDouble(heap.group(1).replace(",", "")) : Double.NaN;
  }
}
