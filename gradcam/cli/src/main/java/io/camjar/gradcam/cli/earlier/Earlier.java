package io.camjar.gradcam.cli.earlier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camjar.engine.CamjarException;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.cli.output.Staging;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** What an earlier run left under a stem, while its new results are staged. */
public final class Earlier {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path folder;
  private final EarlierRecord record;
  private final boolean overwrite;

  public Earlier(Path folder, String stem, boolean overwrite) {
    this.folder = folder;
    this.record = EarlierRecord.of(folder, stem);
    this.overwrite = overwrite;
  }

  /** The new record, with the maps of the earlier one that stay where they are. */
  public Object continued(Object now, Explanation explanation, Staging staging) {
    if (!record.exists() || record.difference(explanation).isPresent()) {
      return now;
    }
    List<JsonNode> staying = record.staying(staging.names());
    if (staying.isEmpty()) {
      return now;
    }
    ObjectNode tree = MAPPER.valueToTree(now);
    ((ArrayNode) tree.get("maps")).addAll(staying);
    return tree;
  }

  /**
   * Refuses to replace the results of something else, or, told to, removes those that no record
   * would tell of any more.
   *
   * @throws CamjarException that says what differs
   */
  public void allow(Explanation explanation, Staging staging) {
    if (record.exists()) {
      if (!overwrite) {
        record.requireSame(explanation);
      } else if (record.difference(explanation).isPresent()) {
        record.removeOthers(staging.names());
      }
    } else if (!overwrite) {
      Set<String> names = staging.names();
      names.stream()
          .sorted()
          .filter(staging::changes)
          .findFirst()
          .ifPresent(
              name -> {
                throw new CamjarException(
                    "%s is there already, with other values, and no record tells what of; choose another --out, or --overwrite"
                        .formatted(folder.resolve(name)));
              });
    }
  }
}
