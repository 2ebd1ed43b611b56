package io.camjar.benchmarks.compare;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * {@code <date>-<cpu>.json}: a list of {@code {workload, size, batch, threads, ours_ms, peers:
 * {name: ms}, ratios: {name: ours/peer}}}, with the spread, the peak memory and the settings of
 * each engine next to them.
 */
final class ResultsFile {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private ResultsFile() {}

  /** Writes the results and returns the file. */
  static Path write(List<Result> results, Path folder, LocalDate date, Machine machine)
      throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve(date + "-" + machine.fileName() + ".json");
    return Files.writeString(file, text(results, machine) + "\n");
  }

  /** The file's text. */
  static String text(List<Result> results, Machine machine) throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Result result : results) {
      rows.add(row(result, machine));
    }
    return JSON.writeValueAsString(rows);
  }

  private static Map<String, Object> row(Result result, Machine machine) {
    List<Measurement> everyone = result.everyone();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("workload", result.task().workload().title());
    row.put("size", result.task().size());
    row.put("batch", result.task().batch());
    row.put("threads", result.task().threads());
    row.put("ours_ms", rounded(result.ours().milliseconds().median()));
    row.put("peers", byName(result.peers(), peer -> peer.milliseconds().median()));
    row.put("ratios", byName(result.peers(), result::ratio));
    row.put("spread", byName(everyone, engine -> engine.milliseconds().relative()));
    row.put("peak_mib", byName(everyone, Measurement::peakMebibytes));
    row.put("error", byName(result.peers(), Measurement::error));
    Map<String, String> settings = new LinkedHashMap<>();
    everyone.forEach(engine -> settings.put(engine.name(), engine.settings()));
    row.put("settings", settings);
    row.put("report", result.ours().report());
    row.put("missing", result.missing());
    row.put("machine", machine.toString());
    return row;
  }

  private static Map<String, Double> byName(
      List<Measurement> engines, ToDoubleFunction<Measurement> value) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (Measurement engine : engines) {
      double number = value.applyAsDouble(engine);
      if (Double.isFinite(number)) {
        values.put(engine.name(), rounded(number));
      }
    }
    return values;
  }

  /** Four significant digits: more would be noise. */
  private static double rounded(double value) {
    return Double.parseDouble("%.3e".formatted(value));
  }
}
