package io.camjar.weights.module;

import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The tensors with which a plain network computes what the file's network does.
 *
 * @param tensors the file's own wherever they can be used as they are
 * @param notes what was computed, a clause each
 */
public record EffectiveTensors(StateDict tensors, List<String> notes) {

  /**
   * Computes weights from their factors and takes in what batch norms have of their own.
   *
   * @param modules the modules by path, where the file has whole modules; may be empty
   * @throws io.camjar.weights.bytes.Malformed if factors are missing or do not fit
   */
  public static EffectiveTensors of(StateDict tensors, Map<String, SavedModule> modules) {
    List<String> notes = new ArrayList<>();
    StateDict plain = withoutFactors(tensors, notes);
    return new EffectiveTensors(withFoldedNorms(plain, modules, notes), List.copyOf(notes));
  }

  private static StateDict withoutFactors(StateDict tensors, List<String> notes) {
    Reparametrised factors = new Reparametrised(tensors);
    if (tensors.names().stream().noneMatch(factors::isFactor)) {
      return tensors;
    }
    List<TensorEntry> plain = new ArrayList<>();
    Map<String, Integer> counts = new TreeMap<>();
    for (TensorEntry tensor : tensors.entries()) {
      Optional<Reparametrised.Made> made = factors.made(tensor.name());
      if (made.isPresent()) {
        plain.add(made.get().tensor());
        counts.merge(made.get().kind(), 1, Integer::sum);
      } else if (!factors.isFactor(tensor.name())) {
        plain.add(tensor);
      }
    }
    counts.forEach(
        (kind, count) ->
            notes.add(
                count == 1
                    ? "one " + kind + " tensor was computed from its factors"
                    : count + " " + kind + " tensors were computed from their factors"));
    return StateDict.of(plain);
  }

  private static StateDict withFoldedNorms(
      StateDict tensors, Map<String, SavedModule> modules, List<String> notes) {
    Map<String, TensorEntry> computed = new LinkedHashMap<>();
    TreeSet<Double> folded = new TreeSet<>();
    modules.forEach(
        (path, module) -> {
          String start = path.isEmpty() ? "" : path + ".";
          Optional<TensorEntry> variance =
              tensors.find(start + "running_var").filter(v -> v.rank() == 1);
          if (NormFolding.isNorm(module) && variance.isPresent()) {
            TensorEntry weight =
                tensors
                    .find(start + "weight")
                    .orElseGet(() -> NormFolding.constant(start + "weight", variance.get(), 1));
            double eps = NormFolding.eps(module);
            if (eps != NormFolding.EPS && weight.elements() == variance.get().elements()) {
              folded.add(eps);
              weight = NormFolding.weight(start + "weight", weight, variance.get(), eps);
            }
            computed.put(start + "weight", weight);
            if (!tensors.has(start + "bias")) {
              computed.put(start + "bias", NormFolding.constant(start + "bias", variance.get(), 0));
            }
          }
        });
    if (!folded.isEmpty()) {
      notes.add(
          "batch norms of eps "
              + String.join(", ", folded.stream().map(String::valueOf).toList())
              + " instead of 1e-5 are followed, their weights scaled accordingly");
    }
    if (computed.values().stream().allMatch(t -> tensors.find(t.name()).orElse(null) == t)) {
      return tensors;
    }
    List<TensorEntry> all = new ArrayList<>();
    for (TensorEntry tensor : tensors.entries()) {
      TensorEntry other = computed.remove(tensor.name());
      all.add(other == null ? tensor : other);
    }
    all.addAll(computed.values());
    return StateDict.of(all);
  }
}
