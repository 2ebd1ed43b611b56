package io.camjar.weights.torch;

import io.camjar.weights.pickle.PyDict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

/**
 * Linear layers that a file keeps under a key of their own, away from the network that was found.
 *
 * @param key the keys that lead to them, joined by dots
 * @param training whether the keys are those of a loss or of what trains
 * @param shapes the shapes of their matrices, by name
 */
public record Apart(String key, boolean training, Map<String, long[]> shapes) {
  /** An image does not pass through these. */
  private static final Pattern TRAINING =
      Pattern.compile(
          "(?i).*(loss|criterion|metric|cent(er|re)s?|margin|arcface|discriminator|critic|proxy"
              + "|proxies).*");

  /** Those of a dict of tensors; empty if it has none. */
  static Optional<Apart> of(Candidate candidate) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    if (candidate.value() instanceof PyDict dict) {
      dict.forEachNamed(
          (name, value) -> {
            if (value instanceof TorchTensor.Strided tensor && tensor.shape().length == 2) {
              shapes.put(name, tensor.shape());
            }
          });
    }
    boolean training =
        candidate.keys().isEmpty()
            || candidate.keys().stream().anyMatch(key -> TRAINING.matcher(key).matches());
    return shapes.isEmpty()
        ? Optional.empty()
        : Optional.of(new Apart(candidate.key(), training, shapes));
  }

  /** The names of the layers; none of those of a loss. */
  public List<String> layers() {
    return training ? List.of() : shapes.keySet().stream().filter(Apart::isLayer).toList();
  }

  private static boolean isLayer(String name) {
    return name.endsWith("weight");
  }

  /** The first layer that takes so many values; empty if none does, or if all are of a loss. */
  public Optional<String> taking(long values) {
    return training
        ? Optional.empty()
        : first((name, shape) -> isLayer(name) && shape[1] == values);
  }

  /** The first matrix for which this holds. */
  public Optional<String> first(BiPredicate<String, long[]> holds) {
    return shapes.entrySet().stream()
        .filter(matrix -> holds.test(matrix.getKey(), matrix.getValue()))
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
