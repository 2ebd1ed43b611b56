package io.camjar.gradcam.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.engine.CamjarException;
import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.safetensors.Safetensors;
import io.camjar.weights.safetensors.SafetensorsWriter;
import io.camjar.weights.tensor.DType;
import io.camjar.weights.tensor.TensorEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a training stands: enough to go on with the bits it would have had.
 *
 * @param settings all that the result depends on, in words
 * @param epoch the one to go on with, counted from 0
 * @param batch the batch of it to go on with
 * @param updates of the phase so far
 * @param lossSum of the epoch so far
 * @param seen images of the epoch so far
 * @param right those of them that were right
 * @param rate the largest of the last update
 * @param gradientNorm of the last update
 * @param best the best accuracy so far
 * @param reports of the epochs that are over
 * @param tensors {@code network.NAME}, {@code optimizer.NAME} and {@code average.NAME}
 */
record TrainingState(
    Map<String, String> settings,
    int epoch,
    int batch,
    long updates,
    double lossSum,
    int seen,
    int right,
    double rate,
    double gradientNorm,
    double best,
    List<EpochReport> reports,
    Map<String, float[]> tensors) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SETTINGS = "camjar.train.settings";
  private static final String PROGRESS = "camjar.train.progress";
  private static final String REPORTS = "camjar.train.reports";

  private record Progress(
      int epoch,
      int batch,
      long updates,
      double lossSum,
      int seen,
      int right,
      double rate,
      double gradientNorm,
      double best) {}

  /** The file of a network's state: {@code OUT.state.safetensors} for {@code OUT.safetensors}. */
  static Path file(Path out) {
    String name = String.valueOf(out.getFileName()).replaceFirst("(?i)\\.safetensors$", "");
    return out.resolveSibling(name + ".state.safetensors");
  }

  /** Writes it; a file that is there is replaced only when the new one is whole. */
  void write(Path file) throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(SETTINGS, JSON.writeValueAsString(settings));
    metadata.put(
        PROGRESS,
        JSON.writeValueAsString(
            new Progress(epoch, batch, updates, lossSum, seen, right, rate, gradientNorm, best)));
    metadata.put(REPORTS, JSON.writeValueAsString(reports));
    List<TensorEntry> entries = new ArrayList<>();
    tensors.forEach((name, values) -> entries.add(ModelFile.tensor(name, values, values.length)));
    SafetensorsWriter.write(file, true, entries, DType.FLOAT32, metadata);
  }

  /**
   * Reads it.
   *
   * @throws CamjarException if there is none, or it is damaged
   */
  static TrainingState read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new CamjarException(
          "there is no state %s to go on from; train without --resume first".formatted(file));
    }
    try {
      Safetensors read = Safetensors.read(ByteRegion.map(file));
      Map<String, String> metadata = read.metadata();
      String settings = metadata.get(SETTINGS);
      String progress = metadata.get(PROGRESS);
      String reports = metadata.get(REPORTS);
      if (settings == null || progress == null || reports == null) {
        throw new CamjarException(
            "%s is no state of a training; train without --resume to begin anew".formatted(file));
      }
      Progress at = JSON.readValue(progress, Progress.class);
      Map<String, float[]> tensors = new LinkedHashMap<>();
      for (TensorEntry entry : read.tensors().entries()) {
        tensors.put(entry.name(), entry.toFloats());
      }
      return new TrainingState(
          strings(settings),
          at.epoch,
          at.batch,
          at.updates,
          at.lossSum,
          at.seen,
          at.right,
          at.rate,
          at.gradientNorm,
          at.best,
          List.of(JSON.readValue(reports, EpochReport[].class)),
          tensors);
    } catch (IOException | Malformed e) {
      throw new CamjarException(
          "%s could not be read (%s); train without --resume to begin anew"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static Map<String, String> strings(String json) throws IOException {
    Map<String, String> map = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : JSON.readTree(json).properties()) {
      map.put(entry.getKey(), entry.getValue().asText());
    }
    return map;
  }

  /** The tensors with this prefix, without it. */
  Map<String, float[]> under(String prefix) {
    Map<String, float[]> found = new LinkedHashMap<>();
    tensors.forEach(
        (name, values) -> {
          if (name.startsWith(prefix)) {
            found.put(name.substring(prefix.length()), values);
          }
        });
    return found;
  }

  /** Refuses to go on under other settings. */
  void requireSettings(Map<String, String> now, Path file) {
    for (Map.Entry<String, String> one : now.entrySet()) {
      String before = settings.getOrDefault(one.getKey(), "");
      if (!before.equals(one.getValue())) {
        throw new CamjarException(
            "%s was trained with %s '%s', now it is '%s'; give the same options, or train without --resume to begin anew"
                .formatted(file, one.getKey(), before, one.getValue()));
      }
    }
  }
}
