package io.camjar.weights.container.preparation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.camjar.weights.pickle.PyDict;
import io.camjar.weights.pickle.PyList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** The JSON files that the Hugging Face hub keeps next to weights. */
public final class HubFiles {
  private static final long LARGEST = 16 << 20;
  private static final JsonMapper JSON = new JsonMapper();

  /** Only of weights so called does a {@code config.json} speak. */
  private static final Pattern WEIGHTS =
      Pattern.compile(
          "(pytorch_model|model)(-\\d+-of-\\d+)?\\.(bin|safetensors)(\\.index\\.json)?");

  private HubFiles() {}

  /**
   * The {@code config.json} that belongs to weights, as a pickle would hold it; nothing if the
   * weights are not called as the hub calls them, or nothing is there that can be read.
   *
   * @param source the path of the weights, or of the folder of their shards
   */
  public static Optional<PyDict> configOf(String source) {
    try {
      Path weights = Path.of(source);
      Path name = weights.getFileName();
      boolean belongs =
          Files.isDirectory(weights)
              || (name != null && WEIGHTS.matcher(name.toString()).matches());
      return belongs
          ? read(source, "config.json").map(root -> (PyDict) value(root))
          : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty(); // Weights that come from no file have none next to them.
    }
  }

  /** An object of a file; nothing if there is none, or none that can be read. */
  static Optional<JsonNode> read(String source, String name) {
    try {
      Path weights = Path.of(source);
      Path file = Files.isDirectory(weights) ? weights.resolve(name) : weights.resolveSibling(name);
      if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
        return Optional.empty();
      }
      return Optional.ofNullable(JSON.readTree(Files.readAllBytes(file)))
          .filter(JsonNode::isObject);
    } catch (IOException | InvalidPathException e) {
      return Optional.empty(); // The weights stand for themselves.
    }
  }

  /** An object written as JSON, as a pickle would hold it; empty if the text is something else. */
  public static Optional<PyDict> parse(String text) {
    if (!text.startsWith("{") || text.length() > LARGEST) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(JSON.readTree(text))
          .filter(JsonNode::isObject)
          .map(root -> (PyDict) value(root));
    } catch (IOException e) {
      return Optional.empty(); // Braces around something else.
    }
  }

  /** JSON as a pickle would hold it. */
  static Object value(JsonNode node) {
    if (node.isObject()) {
      PyDict dict = new PyDict();
      node.properties().forEach(entry -> dict.put(entry.getKey(), value(entry.getValue())));
      return dict;
    }
    if (node.isArray()) {
      PyList list = new PyList();
      node.forEach(item -> list.items().add(value(item)));
      return list;
    }
    if (node.isNumber()) {
      return node.isIntegralNumber() ? (Object) node.longValue() : (Object) node.doubleValue();
    }
    return node.isBoolean() ? (Object) node.booleanValue() : node.asText();
  }
}
