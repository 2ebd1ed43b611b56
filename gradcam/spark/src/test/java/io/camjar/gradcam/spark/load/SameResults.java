package io.camjar.gradcam.spark.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.weights.npy.Npy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Row;

/** Compares rows of Spark with the files of the command line: top classes, logits, raw maps. */
final class SameResults {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path files;
  private final Set<String> names = new HashSet<>();
  private final List<String> different = new ArrayList<>();
  private int equal;
  private int failed;

  /**
   * A comparison.
   *
   * @param files of {@code explain --format json,npy}
   */
  SameResults(Path files) {
    this.files = files;
  }

  /** Takes a row of {@code path, explanation}. */
  void add(Row row) throws IOException {
    String path = row.getAs("path");
    String name = path.substring(path.lastIndexOf('/') + 1, path.lastIndexOf('.'));
    if (!names.add(name)) {
      different.add(name + " is there twice");
    }
    Row explanation = row.getAs("explanation");
    String error = explanation.getAs("error");
    Path record = files.resolve(name + ".json");
    if (error != null || !Files.exists(record)) {
      failed++;
      if (error == null || Files.exists(record)) {
        different.add("%s: %s here, and there %s".formatted(name, error, Files.exists(record)));
      }
    } else if (isEqual(explanation, JSON.readTree(record.toFile()), name)) {
      equal++;
    } else {
      different.add(name);
    }
  }

  private boolean isEqual(Row explanation, JsonNode record, String name) throws IOException {
    List<Row> top = explanation.getList(explanation.fieldIndex("top"));
    boolean same = !top.isEmpty();
    for (int i = 0; i < top.size(); i++) {
      JsonNode one = record.get("top").get(i);
      same &=
          one.get("index").intValue() == top.get(i).<Integer>getAs("index")
              && Float.parseFloat(one.get("logit").asText()) == top.get(i).<Float>getAs("logit");
    }
    List<Row> maps = explanation.getList(explanation.fieldIndex("maps"));
    same &= !maps.isEmpty() && maps.size() == record.get("maps").size();
    for (Row map : maps) {
      Row target = map.getAs("class");
      Path file =
          files.resolve(
              "%s_%s_%d.npy"
                  .formatted(name, map.<String>getAs("layer"), target.<Integer>getAs("index")));
      float[] expected = Npy.read(file).toArray().data().asFloat();
      List<Float> raw = map.getList(map.fieldIndex("raw"));
      same &= raw.size() == expected.length;
      for (int i = 0; same && i < expected.length; i++) {
        same = Float.floatToIntBits(expected[i]) == Float.floatToIntBits(raw.get(i));
      }
    }
    return same;
  }

  /** Whether there were {@code count} rows, each once, without a difference. */
  boolean all(int count) {
    return names.size() == count && different.isEmpty();
  }

  @Override
  public String toString() {
    return "%d rows, %d equal to the command line's to the last bit, %d failed there and here, different: %s"
        .formatted(names.size(), equal, failed, different);
  }
}
