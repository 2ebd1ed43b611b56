package io.camjar.benchmarks.compare;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * That camjar's time or peak memory, divided by a peer's, is at most a bound.
 *
 * @param vectors the kind of processor, {@link Vectors#title()}
 * @param workload a workload's title
 * @param side of the images in pixels
 * @param batch images a run
 * @param quantity {@code time} or {@code memory}
 * @param peer words that the peer's name has between hyphens, versions left out
 * @param bound the largest ratio that keeps it
 */
record Promise(
    String vectors,
    String workload,
    int side,
    int batch,
    String quantity,
    String peer,
    double bound) {
  private static final int COLUMNS = 7;

  /**
   * Reads a line of {@code promises.csv}.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Promise parse(String line) {
    String[] cells = line.split(",", -1);
    if (cells.length != COLUMNS) {
      throw new IllegalArgumentException("a promise has 7 columns, not: " + line);
    }
    return new Promise(
        cells[0],
        cells[1],
        Integer.parseInt(cells[2]),
        Integer.parseInt(cells[3]),
        cells[4],
        cells[5],
        Double.parseDouble(cells[6]));
  }

  /** The ratio in a results file; empty if it was not measured. */
  OptionalDouble measured(JsonNode rows) {
    for (JsonNode row : rows) {
      if (row.path("workload").asText().equals(workload)
          && row.path("size").asInt() == side
          && row.path("batch").asInt() == batch) {
        return ratio(row);
      }
    }
    return OptionalDouble.empty();
  }

  private OptionalDouble ratio(JsonNode row) {
    for (Map.Entry<String, JsonNode> entry : row.path("ratios").properties()) {
      if (isOf(entry.getKey())) {
        if (quantity.equals("time")) {
          return OptionalDouble.of(entry.getValue().asDouble());
        }
        double ours = row.path("peak_mib").path("camjar").asDouble(Double.NaN);
        double theirs = row.path("peak_mib").path(entry.getKey()).asDouble(Double.NaN);
        double ratio = ours / theirs;
        return Double.isFinite(ratio) ? OptionalDouble.of(ratio) : OptionalDouble.empty();
      }
    }
    return OptionalDouble.empty();
  }

  /** Whether a name such as {@code pytorch-2.10.0-hooks-frozen} begins with all words asked for. */
  private boolean isOf(String name) {
    List<String> words = List.of(name.split("-[0-9][0-9.]*|-", -1));
    List<String> wanted = List.of(peer.split("-", -1));
    List<String> known = words.stream().filter(word -> !word.isEmpty()).toList();
    return known.size() >= wanted.size() && known.subList(0, wanted.size()).equals(wanted);
  }
}
