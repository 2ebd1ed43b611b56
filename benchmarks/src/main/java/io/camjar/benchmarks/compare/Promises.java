package io.camjar.benchmarks.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** Holds a results file against what the README promises for this kind of processor. */
public final class Promises {
  private static final String HEADER = "vectors,";
  private static final int BROKEN = 1;
  private static final int WRONG_ARGUMENTS = 2;
  private static final int NOTHING_TO_CHECK = 3;

  private Promises() {}

  /**
   * Prints a list of {@code {workload, side, batch, quantity, peer, bound, measured, kept}} as
   * JSON, {@code measured} and {@code kept} being null for what the file does not have. Ends with 1
   * if a promise is broken, with 2 if the arguments are wrong, with 3 if no promise could be
   * checked.
   *
   * @param args a results file; then, if it is of another machine, the title of its {@link Vectors}
   */
  public static void main(String[] args) throws IOException {
    ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    String vectors =
        args.length > 1
            ? args[1]
            : Vectors.of(Files.readAllLines(Path.of("/proc/cpuinfo"))).title();
    try {
      List<Map<String, Object>> rows = check(results(json, Path.of(args[0])), known(vectors));
      System.out.println(json.writeValueAsString(rows));
      System.exit(status(rows));
    } catch (IllegalArgumentException e) {
      System.err.println("promises: " + e.getMessage());
      System.exit(WRONG_ARGUMENTS);
    }
  }

  /**
   * The results in a file.
   *
   * @throws IllegalArgumentException if it holds none
   */
  static JsonNode results(ObjectMapper json, Path file) {
    try {
      JsonNode results = json.readTree(file.toFile());
      if (results.isArray()) {
        return results;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("%s cannot be read as results".formatted(file), e);
    }
    throw new IllegalArgumentException("%s holds no list of results".formatted(file));
  }

  /**
   * The title of a kind of processor.
   *
   * @throws IllegalArgumentException if there is none of this title
   */
  static String known(String title) {
    List<String> titles = Stream.of(Vectors.values()).map(Vectors::title).toList();
    if (!titles.contains(title)) {
      throw new IllegalArgumentException(
          "'%s' is no kind of processor; these are: %s"
              .formatted(title, String.join(", ", titles)));
    }
    return title;
  }

  /** What {@link #main} prints. */
  static List<Map<String, Object>> check(JsonNode results, String vectors) throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Promise promise : all()) {
      if (!promise.vectors().equals(vectors)) {
        continue;
      }
      OptionalDouble measured = promise.measured(results);
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("vectors", vectors);
      row.put("workload", promise.workload());
      row.put("side", promise.side());
      row.put("batch", promise.batch());
      row.put("quantity", promise.quantity());
      row.put("peer", promise.peer());
      row.put("bound", promise.bound());
      row.put("measured", measured.isPresent() ? measured.getAsDouble() : null);
      row.put("kept", measured.isPresent() ? measured.getAsDouble() <= promise.bound() : null);
      rows.add(row);
    }
    return rows;
  }

  /** The exit status for what was checked. */
  static int status(List<Map<String, Object>> rows) {
    if (rows.stream().anyMatch(row -> Boolean.FALSE.equals(row.get("kept")))) {
      return BROKEN;
    }
    return rows.stream().allMatch(row -> row.get("kept") == null) ? NOTHING_TO_CHECK : 0;
  }

  /** All promises, of all processors. */
  static List<Promise> all() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(Promises.class.getResourceAsStream("promises.csv")),
                StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.startsWith("#") && !line.startsWith(HEADER))
          .map(Promise::parse)
          .toList();
    }
  }
}
