package io.camjar.weights.names;

import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Names without the wrappers that PyTorch puts around modules and that compute nothing: {@code
 * torch.compile}'s {@code _orig_mod}, {@code DataParallel}'s {@code module} and the like, wherever
 * they stand.
 */
final class WrapperNames {
  private static final Set<String> WRAPPERS =
      Set.of(
          "_orig_mod",
          "module",
          "_module",
          "_fsdp_wrapped_module",
          "_checkpoint_wrapped_module",
          "_forward_module",
          "_wrapped_module");

  private WrapperNames() {}

  /** The tensors under shorter names, and the names in the file by them. */
  static Map<String, String> sources(StateDict raw) {
    Map<String, String> sources = new LinkedHashMap<>();
    Set<String> twice = new HashSet<>();
    Map<String, String> spelt = TensorSpelling.of(raw.names());
    for (String name : raw.names()) {
      String shorter = strip(spelt.getOrDefault(name, name));
      if (sources.putIfAbsent(shorter, name) != null) {
        twice.add(shorter);
      }
    }
    if (twice.isEmpty()) {
      return sources;
    }
    // Two networks that differ in their wrappers alone: every name stays as it is.
    return raw.names().stream()
        .collect(Collectors.toMap(name -> name, name -> name, (a, b) -> a, LinkedHashMap::new));
  }

  static StateDict renamed(StateDict raw, Map<String, String> sources) {
    List<TensorEntry> tensors = new ArrayList<>();
    sources.forEach((name, source) -> tensors.add(raw.find(source).orElseThrow().named(name)));
    return StateDict.of(tensors);
  }

  /** Values by module path, by the shorter paths; where several meet, what the wrapper holds. */
  static <T> Map<String, T> modules(Map<String, T> byPath) {
    Map<String, T> shorter = new LinkedHashMap<>();
    byPath.forEach(
        (path, value) -> {
          String stripped = strip(path + ".");
          shorter.put(stripped.substring(0, Math.max(0, stripped.length() - 1)), value);
        });
    return shorter;
  }

  private static String strip(String name) {
    if (WRAPPERS.stream().noneMatch(name::contains)) {
      return name;
    }
    List<String> parts = new ArrayList<>(Arrays.asList(name.split("\\.", -1)));
    parts.subList(0, parts.size() - 1).removeIf(WRAPPERS::contains);
    return String.join(".", parts);
  }
}
