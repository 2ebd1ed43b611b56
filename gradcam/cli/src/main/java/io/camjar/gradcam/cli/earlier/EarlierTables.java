package io.camjar.gradcam.cli.earlier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.engine.CamjarException;
import io.camjar.gradcam.results.ResultLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The tables of an earlier run over many images, which a run over others would replace. */
public final class EarlierTables {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What changes how maps look or which there are, but not what a row of the table means. */
  private static final Set<String> LOOKS =
      Set.of(
          "class",
          "layer",
          "format",
          "colormap",
          "alpha",
          "beside",
          "labels",
          "actual",
          "debug",
          "device",
          "overwrite");

  private EarlierTables() {}

  /**
   * Refuses to replace tables of other images, of another method or other weights.
   *
   * @param log the log that the tables are made of
   * @param table the table as JSON
   * @param options of this run
   * @param images of this run
   * @throws CamjarException that says what differs
   */
  public static void requireSame(
      Path log, Path table, Map<String, String> options, Collection<String> images) {
    if (!Files.exists(log)) {
      return;
    }
    JsonNode before = options(table);
    for (Map.Entry<String, String> option : options.entrySet()) {
      JsonNode value = before.path(option.getKey());
      if (!LOOKS.contains(option.getKey())
          && !value.isMissingNode()
          && !value.asText().equals(option.getValue())) {
        refuse(log, "%s was '%s', now '%s'", option.getKey(), value.asText(), option.getValue());
      }
    }
    Set<String> known = new HashSet<>(images);
    try (ResultLog earlier = ResultLog.open(log, true)) {
      earlier.scan(
          (position, entry) -> {
            if (!known.contains(entry.result().image())) {
              refuse(log, "%s is not among this run's images", entry.result().image());
            }
          });
    }
  }

  private static JsonNode options(Path table) {
    try {
      return Files.exists(table)
          ? MAPPER.readTree(table.toFile()).path("options")
          : MAPPER.createObjectNode();
    } catch (IOException e) {
      // The run was cut short while it wrote: its log remains.
      return MAPPER.createObjectNode();
    }
  }

  private static void refuse(Path log, String difference, Object... values) {
    throw new CamjarException(
        "%s is of another run, and this one would replace its tables: %s; choose another --out, or --overwrite"
            .formatted(log, difference.formatted(values)));
  }
}
