package io.camjar.weights.names.part;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How the names of a file become the engine's: which beginnings are replaced by which.
 *
 * @param style how the body is named: {@code torchvision}, {@code fastai}, {@code huggingface} or
 *     {@code other}
 * @param prefix what was stripped from the body's names, empty if nothing
 * @param replacements beginnings in the file to beginnings in the engine, longest match first
 * @param byShape whether shapes told, and not names
 */
public record NameMapping(
    String style, String prefix, Map<String, String> replacements, boolean byShape) {

  /** The engine's name, or empty if the name does not belong to the network. */
  public Optional<String> canonical(String name) {
    if (byShape) {
      // Whole modules: one look instead of a walk through hundreds.
      int dot = name.lastIndexOf('.') + 1;
      return Optional.ofNullable(replacements.get(name.substring(0, dot)))
          .map(target -> target + name.substring(dot));
    }
    for (Map.Entry<String, String> entry : replacements.entrySet()) {
      if (name.startsWith(entry.getKey())) {
        return Optional.of(entry.getValue() + name.substring(entry.getKey().length()));
      }
    }
    return Optional.empty();
  }

  /** The same with further beginnings. */
  public NameMapping with(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(replacements);
    all.putAll(more);
    return new NameMapping(style, prefix, all, byShape);
  }

  /** The name below the body of a module path, {@code relu} or {@code 2}; empty if outside it. */
  public Optional<String> child(String path) {
    String body = style.equals("fastai") && !byShape ? prefix + "0." : prefix;
    return path.startsWith(body) ? Optional.of(path.substring(body.length())) : Optional.empty();
  }

  /** What a body's names are called, whose modules have these paths. */
  public static String style(Collection<String> paths) {
    boolean transformers =
        paths.stream().anyMatch(path -> path.contains("encoder.stages."))
            && paths.stream().anyMatch(path -> path.endsWith(".convolution"));
    return transformers ? "huggingface" : "other";
  }

  /** Names as torchvision and timm have them, below a prefix. */
  public static Map<String, String> torchvisionBody(String prefix) {
    Map<String, String> map = new LinkedHashMap<>();
    for (String child : BodyNames.CHILDREN.values()) {
      map.put(prefix + child + ".", child + ".");
    }
    return map;
  }

  /** Names as {@code nn.Sequential(body, head)} has them: children by position, below a prefix. */
  public static Map<String, String> fastaiBody(String prefix) {
    Map<String, String> map = new LinkedHashMap<>();
    BodyNames.CHILDREN.forEach((index, child) -> map.put(prefix + "0." + index + ".", child + "."));
    return map;
  }
}
