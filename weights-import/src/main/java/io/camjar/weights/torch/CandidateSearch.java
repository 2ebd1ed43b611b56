package io.camjar.weights.torch;

import io.camjar.weights.pickle.PyDict;
import io.camjar.weights.pickle.PyList;
import io.camjar.weights.pickle.PyObject;
import io.camjar.weights.pickle.PyTuple;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds every network in what was saved, under whatever keys, the nearest to the root first.
 *
 * <p>Where a value has convolutions, only those that have some are networks: a dict of two
 * statistics is not. What an optimizer keeps for each parameter is never one.
 */
final class CandidateSearch {
  private static final int MAX_DEPTH = 6;
  private static final int MAX_VISITED = 50_000;
  private static final int MAX_SEQUENCE = 16;
  private static final Pattern TRAINING =
      Pattern.compile("(?i)opt|optim|.*optimi[sz]er.*|.*scheduler.*|.*scaler.*|amp|.*rng.*");
  private static final Set<String> OPTIMIZER_STATE =
      Set.of(
          "exp_avg",
          "exp_avg_sq",
          "max_exp_avg_sq",
          "momentum_buffer",
          "square_avg",
          "grad_avg",
          "acc_delta",
          "sum",
          "step");

  private record Place(Object value, List<String> keys, boolean indexed) {}

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Place> queue = new ArrayDeque<>();
  private final List<Candidate> found = new ArrayList<>();

  /** Keys of long lists of tensors without names. */
  private final List<List<String>> nameless = new ArrayList<>();

  private CandidateSearch() {}

  /**
   * What was found.
   *
   * @param networks of several views of one, the fullest
   * @param apart dicts of tensors without a convolution, where networks have some
   * @param nameless keys, joined by dots, of long lists of tensors without names
   */
  record Found(List<Candidate> networks, List<Candidate> apart, List<String> nameless) {}

  static Found of(Object root) {
    CandidateSearch search = new CandidateSearch();
    search.enqueue(root, List.of(), true);
    while (!search.queue.isEmpty()) {
      search.visit(search.queue.remove());
    }
    List<Candidate> networks =
        search.found.stream().filter(candidate -> candidate.first() != null).toList();
    List<String> nameless = search.nameless.stream().map(keys -> String.join(".", keys)).toList();
    if (networks.isEmpty()) {
      return new Found(unshared(search.found), List.of(), nameless);
    }
    List<Candidate> apart =
        search.found.stream().filter(candidate -> candidate.first() == null).toList();
    return new Found(unshared(networks), apart, nameless);
  }

  private void visit(Place place) {
    if (ModuleWalker.isModule(place.value())) {
      Candidate module = ModuleWalker.candidate((PyObject) place.value(), place.keys());
      if (module.tensors() > 0) {
        found.add(module);
      }
      return;
    }
    if (place.value() instanceof PyObject object) {
      object.forEachAttribute((name, child) -> step(place, name, child, false));
      if (object.items().size() > 0) {
        dict(object.items(), place);
      }
    } else if (place.value() instanceof PyDict dict) {
      dict(dict, place);
    } else if (place.value() instanceof PyList list) {
      sequence(list.items(), place);
    } else if (place.value() instanceof PyTuple tuple) {
      sequence(tuple.items(), place);
    }
  }

  private void dict(PyDict dict, Place place) {
    PyDict nested = NestedTensors.flatten(dict);
    if (nested != null) {
      tensors(nested, place.keys(), false);
      return;
    }
    tensors(dict, place.keys(), place.indexed());
    PyDict joined = joined(dict);
    if (joined != null) {
      tensors(joined, place.keys(), false);
      return;
    }
    boolean optimizer = dict.has("state") && dict.has("param_groups");
    for (int i = 0; i < dict.size() && !optimizer; i++) {
      Object key = dict.keys().get(i);
      if (key instanceof String || key instanceof Long) {
        step(place, key.toString(), dict.values().get(i), key instanceof String);
      }
    }
  }

  private void tensors(PyDict dict, List<String> keys, boolean indexed) {
    List<TorchTensor> tensors = new ArrayList<>();
    boolean[] network = {false};
    dict.forEachNamed(
        (name, value) -> {
          if (value instanceof TorchTensor tensor && tensor.isNumeric()) {
            tensors.add(tensor);
            network[0] |= !OPTIMIZER_STATE.contains(name);
          }
        });
    if (network[0]) {
      found.add(new Candidate(keys, dict, firstConvolution(tensors), tensors.size(), indexed));
    }
  }

  /**
   * A body and what follows it kept under keys of their own: {@code {'backbone': ..., 'fc': ...}}.
   * Whether that is a classifier, names and sizes of the whole tell.
   */
  private static @Nullable PyDict joined(PyDict dict) {
    List<String> bodies = new ArrayList<>();
    List<String> heads = new ArrayList<>();
    dict.forEachNamed(
        (name, value) -> {
          if (value instanceof PyDict part && !TRAINING.matcher(name).matches()) {
            List<TorchTensor> tensors = NestedTensors.direct(part);
            if (firstConvolution(tensors) != null) {
              bodies.add(name);
            } else if (NestedTensors.hasLinear(part)) {
              heads.add(name);
            }
          }
        });
    if (bodies.size() != 1 || heads.isEmpty()) {
      return null;
    }
    if (dict.get(bodies.get(0)) instanceof PyDict body && NestedTensors.hasLinear(body)) {
      return null;
    }
    PyDict joined = new PyDict();
    copy(dict, bodies.get(0), bodies.get(0), joined);
    heads.forEach(head -> copy(dict, head, head.replaceAll("(_state|_dict)+$", ""), joined));
    return joined;
  }

  private static void copy(PyDict from, String key, String prefix, PyDict to) {
    if (from.get(key) instanceof PyDict part) {
      part.forEachNamed((name, value) -> to.put(prefix + "." + name, value));
    }
  }

  private void sequence(List<Object> items, Place place) {
    PyDict named = named(items);
    if (named != null) {
      tensors(named, place.keys(), false);
      return;
    }
    if (items.size() > MAX_SEQUENCE && items.stream().allMatch(TorchTensor.class::isInstance)) {
      nameless.add(place.keys());
    }
    for (int i = 0; i < Math.min(items.size(), MAX_SEQUENCE); i++) {
      step(place, Integer.toString(i), items.get(i), false);
    }
  }

  /** A list of pairs of a name and a tensor, as {@code list(state_dict.items())} is one. */
  private static @Nullable PyDict named(List<Object> items) {
    PyDict dict = new PyDict();
    for (Object item : items) {
      if (!(item instanceof PyTuple pair)
          || pair.size() != 2
          || !(pair.get(0) instanceof String name)
          || !(pair.get(1) instanceof TorchTensor)) {
        return null;
      }
      dict.put(name, pair.get(1));
    }
    return dict.size() > 1 && dict.size() == items.size() ? dict : null;
  }

  private void step(Place place, String name, Object child, boolean indexed) {
    if (place.keys().size() < MAX_DEPTH && !TRAINING.matcher(name).matches()) {
      List<String> keys = new ArrayList<>(place.keys());
      keys.add(name);
      enqueue(child, keys, indexed && place.indexed());
    }
  }

  private void enqueue(Object value, List<String> keys, boolean indexed) {
    boolean container =
        value instanceof PyObject
            || value instanceof PyDict
            || value instanceof PyList
            || value instanceof PyTuple;
    if (container && seen.size() < MAX_VISITED && seen.add(value)) {
      queue.add(new Place(value, keys, indexed));
    }
  }

  static @Nullable TorchTensor firstConvolution(List<TorchTensor> tensors) {
    return tensors.stream().filter(TorchTensor::mayBeConvolution).findFirst().orElse(null);
  }

  /** Of several views of the same numbers, the fullest; a module rather than its state dict. */
  private static List<Candidate> unshared(List<Candidate> all) {
    List<Candidate> kept = new ArrayList<>();
    for (Candidate candidate : all) {
      int twin = -1;
      for (int i = 0; i < kept.size(); i++) {
        twin = kept.get(i).sharesWith(candidate) ? i : twin;
      }
      if (twin < 0) {
        kept.add(candidate);
      } else {
        Candidate other = kept.get(twin);
        boolean fuller =
            candidate.tensors() > other.tensors()
                || (candidate.tensors() == other.tensors()
                    && candidate.isModule()
                    && !other.isModule());
        if (fuller) {
          kept.set(twin, candidate);
        }
      }
    }
    return kept;
  }
}
