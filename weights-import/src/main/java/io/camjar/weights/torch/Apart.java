package io.camjar.weights.torch;

import io.camjar.weights.pickle.PyDict;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Linear layers that a file keeps under a key of their own, away from the network that was found.
 *
 * @param key the keys that lead to them, joined by dots
 * @param inputs how many values each of their weights takes, by its name
 */
public record Apart(String key, Map<String, Long> inputs) {
  /** An image does not pass through these. */
  private static final Pattern TRAINING =
      Pattern.compile(
          "(?i).*(loss|criterion|metric|cent(er|re)s?|margin|arcface|discriminator|critic|proxy"
              + "|proxies).*");

  /** Those of a dict of tensors; empty if it has none, or if its keys are those of a loss. */
  static Optional<Apart> of(Candidate candidate) {
    Map<String, Long> inputs = new LinkedHashMap<>();
    if (candidate.value() instanceof PyDict dict) {
      dict.forEachNamed(
          (name, value) -> {
            if (name.endsWith("weight")
                && value instanceof TorchTensor.Strided tensor
                && tensor.shape().length == 2) {
              inputs.put(name, tensor.shape()[1]);
            }
          });
    }
    boolean training =
        candidate.keys().isEmpty()
            || candidate.keys().stream().anyMatch(key -> TRAINING.matcher(key).matches());
    return inputs.isEmpty() || training
        ? Optional.empty()
        : Optional.of(new Apart(candidate.key(), inputs));
  }

  /** The first of them that takes so many values; empty if none does. */
  public Optional<String> taking(long values) {
    return inputs.entrySet().stream()
        .filter(input -> input.getValue() == values)
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
