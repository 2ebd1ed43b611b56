package io.camjar.weights.names;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How the names of a file become the engine's: which beginnings are replaced by which.
 *
 * @param style {@code torchvision} or {@code fastai}, the way the body is named
 * @param prefix what was stripped from the body's names, empty if nothing
 * @param replacements beginnings in the file to beginnings in the engine, longest match first
 */
record Layout(String style, String prefix, Map<String, String> replacements) {

  /** The engine's name, or empty if the name does not belong to the network. */
  Optional<String> canonical(String name) {
    for (Map.Entry<String, String> entry : replacements.entrySet()) {
      if (name.startsWith(entry.getKey())) {
        return Optional.of(entry.getValue() + name.substring(entry.getKey().length()));
      }
    }
    return Optional.empty();
  }

  /** The name below the body of a module path, {@code relu} or {@code 2}; empty if outside it. */
  Optional<String> child(String path) {
    String body = style.equals("fastai") ? prefix + "0." : prefix;
    return path.startsWith(body) ? Optional.of(path.substring(body.length())) : Optional.empty();
  }

  /** Names as torchvision and timm have them, below a prefix. */
  static Map<String, String> torchvisionBody(String prefix) {
    Map<String, String> map = new LinkedHashMap<>();
    for (String child : BodyNames.CHILDREN.values()) {
      map.put(prefix + child + ".", child + ".");
    }
    return map;
  }

  /** Names as {@code nn.Sequential(body, head)} has them: children by position, below a prefix. */
  static Map<String, String> fastaiBody(String prefix) {
    Map<String, String> map = new LinkedHashMap<>();
    BodyNames.CHILDREN.forEach((index, child) -> map.put(prefix + "0." + index + ".", child + "."));
    return map;
  }
}
