package io.camjar.weights.torch;

import io.camjar.weights.module.Averages;
import io.camjar.weights.pickle.PyDict;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A value in a file that may be the network: a module, or a dict of named tensors.
 *
 * @param keys the keys or attributes that lead to it, outermost first
 * @param value the module or dict
 * @param first its first convolution's weights; null if it has none
 * @param tensors how many tensors it has
 * @param indexed whether all of the keys are those of dicts, and the tensors stand in the last of
 *     them
 */
record Candidate(
    List<String> keys, Object value, @Nullable TorchTensor first, int tensors, boolean indexed) {
  /** Names under which programs keep the network itself. */
  private static final Set<String> USUAL =
      Set.of(
          "state_dict",
          "model_state_dict",
          "model_state",
          "model_dict",
          "model_weights",
          "model",
          "net",
          "net_dict",
          "net_state_dict",
          "network",
          "network_state_dict",
          "params",
          "module",
          "weights",
          "learner");

  /** Its keys if they are those of dicts alone. */
  Optional<List<String>> dicts() {
    return indexed ? Optional.of(keys) : Optional.empty();
  }

  /** The choice where there is no other. */
  KeyChoice alone() {
    return new KeyChoice(keys, KeyChoice.Origin.ONLY, List.of(), "").reachedBy(dicts());
  }

  /** The keys joined by dots. */
  String key() {
    return String.join(".", keys);
  }

  boolean isModule() {
    return ModuleWalker.isModule(value);
  }

  /** 0 for an average of the weights, 1 for the usual names, 2 for any other. */
  int rank() {
    if (keys.stream().anyMatch(Averages::named)) {
      return 0;
    }
    return keys.stream().allMatch(USUAL::contains) ? 1 : 2;
  }

  /**
   * Whether it is parameters alone, without the statistics of the batch norms, as some averages are
   * kept.
   */
  boolean lacksStatistics() {
    return value instanceof PyDict dict
        && dict.keys().stream()
            .noneMatch(key -> key instanceof String name && name.endsWith("running_mean"));
  }

  /** Whether both look at the same numbers: a model and its own state dict, for example. */
  boolean sharesWith(Candidate other) {
    if (first == null || other.first == null) {
      return false;
    }
    if (first instanceof TorchTensor.Strided mine
        && other.first instanceof TorchTensor.Strided theirs) {
      return mine.storage() == theirs.storage() && mine.offset() == theirs.offset();
    }
    return first == other.first;
  }
}
