package io.camjar.weights.torch;

import io.camjar.engine.NearestNames;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.module.Averages;
import io.camjar.weights.module.SavedModule;
import io.camjar.weights.pickle.PyDict;
import io.camjar.weights.pickle.PyList;
import io.camjar.weights.pickle.PyObject;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the network inside what was saved.
 *
 * <p>One network is taken wherever it lies. Of several, an average of the weights comes first, as
 * timm has it, then what lies under one of the usual names; where that does not decide, the file is
 * refused and the reader asked to choose.
 */
public final class ModelFinder {
  private static final int SHOWN = 6;

  private ModelFinder() {}

  /**
   * Finds the tensors.
   *
   * @param key the keys that lead to the wanted network, joined by dots, or the beginning of its
   *     tensors' names; null to go by the rule
   * @throws Malformed if nothing in it is a model, or if it is not clear which
   */
  public static SavedModel find(Object root, @Nullable String key) {
    CandidateSearch.Found found = CandidateSearch.of(root);
    if (found.networks().isEmpty()) {
      throw nothing(root);
    }
    SavedModel model = key == null ? byRule(found.networks()) : byKey(found.networks(), key);
    List<Apart> apart = found.apart().stream().map(Apart::of).flatMap(Optional::stream).toList();
    List<String> averages = found.nameless().stream().filter(Averages::named).toList();
    KeyChoice choice = model.choice().with(apart, averages);
    return new SavedModel(model.tensors(), choice, model.modules());
  }

  /**
   * The tensors whose names begin with a key, for files that are one flat list of names.
   *
   * @throws Malformed if there are none
   */
  public static SavedModel below(StateDict tensors, @Nullable String key) {
    SavedModel whole = new SavedModel(tensors, KeyChoice.only(List.of()), Map.of());
    return key == null ? whole : below(whole, key, List.of());
  }

  private static SavedModel byRule(List<Candidate> candidates) {
    if (candidates.size() == 1) {
      return read(candidates.get(0), candidates.get(0).alone());
    }
    List<Candidate> pool = new ArrayList<>(candidates);
    boolean statistics = pool.stream().anyMatch(candidate -> !candidate.lacksStatistics());
    pool.removeIf(candidate -> statistics && candidate.lacksStatistics());
    int best = pool.stream().mapToInt(Candidate::rank).min().orElseThrow();
    List<Candidate> first = pool.stream().filter(c -> c.rank() == best).toList();
    boolean sole = pool.size() == 1;
    if (first.size() > 1 || (best == 2 && !sole)) {
      throw new Malformed(
          "holds " + candidates.size() + " networks, under " + named(candidates),
          "choose one with --key, such as --key "
              + candidates.stream()
                  .map(Candidate::key)
                  .filter(name -> !name.isEmpty())
                  .findFirst()
                  .orElse("NAME"));
    }
    String reason =
        sole
            ? "the only one with the statistics of its batch norms"
            : best == 0
                ? "since an average of the weights comes first"
                : "since that is where programs keep the network";
    return read(first.get(0), choice(first.get(0), candidates, KeyChoice.Origin.RULE, reason));
  }

  private static SavedModel byKey(List<Candidate> candidates, String key) {
    List<Candidate> exact = candidates.stream().filter(c -> c.key().equals(key)).toList();
    List<Candidate> matching =
        exact.isEmpty()
            ? candidates.stream().filter(c -> c.key().startsWith(key + ".")).toList()
            : exact;
    if (matching.size() > 1) {
      throw new Malformed(
          "holds " + matching.size() + " networks below '" + key + "': " + named(matching),
          "choose one with --key, such as --key " + matching.get(0).key());
    }
    if (matching.size() == 1) {
      Candidate chosen = matching.get(0);
      return read(chosen, choice(chosen, candidates, KeyChoice.Origin.CALLER, ""));
    }
    List<String> known = candidates.stream().map(Candidate::key).toList();
    for (Candidate candidate : candidates) {
      String inside =
          candidate.keys().isEmpty()
              ? key
              : key.startsWith(candidate.key() + ".")
                  ? key.substring(candidate.key().length() + 1)
                  : key;
      SavedModel model = read(candidate, candidate.alone());
      if (hasBelow(model.tensors(), inside)) {
        return below(model, inside, known);
      }
    }
    SavedModel first = read(candidates.get(0), candidates.get(0).alone());
    return below(first, key, known);
  }

  private static KeyChoice choice(
      Candidate chosen, List<Candidate> all, KeyChoice.Origin origin, String reason) {
    List<String> others = all.stream().filter(c -> c != chosen).map(Candidate::key).toList();
    return new KeyChoice(chosen.keys(), origin, others, reason).reachedBy(chosen.dicts());
  }

  private static boolean hasBelow(StateDict tensors, String key) {
    return tensors.names().stream().anyMatch(name -> isBelow(name, key));
  }

  /** Whether a name begins with a key, what DataParallel and compile put before it aside. */
  private static boolean isBelow(String name, String key) {
    return name.startsWith(key + ".")
        || name.replaceFirst("^(module\\.|_orig_mod\\.)+", "").startsWith(key + ".");
  }

  private static SavedModel below(SavedModel model, String key, List<String> known) {
    List<TensorEntry> kept =
        model.tensors().entries().stream().filter(tensor -> isBelow(tensor.name(), key)).toList();
    if (kept.isEmpty()) {
      throw unknown(model, key, known);
    }
    Map<String, SavedModule> modules = new LinkedHashMap<>(model.modules());
    modules.keySet().removeIf(path -> !path.equals(key) && !isBelow(path, key));
    List<String> keys = new ArrayList<>(model.choice().keys());
    keys.addAll(List.of(key.split("\\.")));
    KeyChoice choice =
        new KeyChoice(keys, KeyChoice.Origin.CALLER, List.of(), "")
            .reachedBy(model.choice().dicts());
    return new SavedModel(StateDict.of(kept), choice, modules);
  }

  private static Malformed nothing(Object root) {
    if (ModuleWalker.isModule(root)) {
      ModuleWalker.walk((PyObject) root, KeyChoice.only(List.of())); // refuses endless nesting
      return new Malformed("holds a module without parameters", "save a model that has some");
    }
    if (root instanceof TorchTensor tensor) {
      return new Malformed(
          "holds a " + tensor.describe() + ", where a network has many with names",
          "save model.state_dict() with torch.save");
    }
    if (root instanceof PyDict dict && dict.has("state") && dict.has("param_groups")) {
      return new Malformed(
          "holds the state of an optimizer ('state', 'param_groups') and no network",
          "give the file that has the network's own state_dict");
    }
    if (root instanceof PyObject object && object.typeName().startsWith("torch.fx.")) {
      return new Malformed(
          "holds a module that torch.fx traced, whose code camjar does not follow",
          "save its state_dict() with torch.save if the network is an ordinary ResNet");
    }
    if (root instanceof PyList list
        && list.items().size() > 0
        && list.items().stream().allMatch(TorchTensor.class::isInstance)) {
      return new Malformed(
          "holds " + list.items().size() + " tensors without names",
          "save model.state_dict() with torch.save, which has their names");
    }
    return new Malformed(
        "holds " + describe(root) + " and no named tensors",
        "save model.state_dict() with torch.save");
  }

  private static Malformed unknown(SavedModel model, String key, List<String> known) {
    List<String> names = new ArrayList<>(known.stream().filter(k -> !k.isEmpty()).toList());
    names.addAll(starts(model.tensors()));
    List<String> near = NearestNames.of(key, names, 3);
    return new Malformed(
        "holds no network under the key '" + key + "'",
        near.isEmpty()
            ? "leave --key out"
            : "the nearest keys in it are " + String.join(", ", near));
  }

  /** The first parts of the tensors' names. */
  private static List<String> starts(StateDict tensors) {
    return tensors.names().stream()
        .map(name -> name.substring(0, Math.max(0, name.indexOf('.'))))
        .filter(name -> !name.isEmpty())
        .distinct()
        .toList();
  }

  private static SavedModel read(Candidate candidate, KeyChoice choice) {
    if (candidate.isModule()) {
      return ModuleWalker.walk((PyObject) candidate.value(), choice);
    }
    List<TensorEntry> tensors = new ArrayList<>();
    ((PyDict) candidate.value())
        .forEachNamed(
            (name, value) -> {
              if (value instanceof TorchTensor tensor && tensor.isNumeric()) {
                tensors.add(tensor.entry(name));
              }
            });
    return new SavedModel(StateDict.of(tensors), choice, Map.of());
  }

  private static String named(List<Candidate> candidates) {
    return candidates.stream()
            .limit(SHOWN)
            .map(candidate -> "'" + candidate.key() + "'")
            .collect(Collectors.joining(", "))
        + (candidates.size() > SHOWN ? " and others" : "");
  }

  private static String describe(Object value) {
    if (value instanceof PyObject object) {
      return "an object of " + object.typeName();
    }
    if (value instanceof PyDict dict && dict.size() > 0) {
      return "a dict with the keys "
          + dict.keys().stream()
              .limit(SHOWN)
              .map(key -> "'" + shorten(Objects.toString(key)) + "'")
              .collect(Collectors.joining(", "));
    }
    return "a " + shorten(value.toString().lines().findFirst().orElse("text"));
  }

  private static String shorten(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "..." : text;
  }
}
