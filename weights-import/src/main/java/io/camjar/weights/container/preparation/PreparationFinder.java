package io.camjar.weights.container.preparation;

import io.camjar.weights.container.preparation.Transforms.Read;
import io.camjar.weights.pickle.PyDict;
import io.camjar.weights.pickle.PyObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects, while somebody walks through a pickle's values, those that say how images are prepared,
 * and reads the most telling of them.
 *
 * <p>Before others go data loaders of fastai 2, label lists of fastai 1, lists of transforms (those
 * for evaluation first), timm's configurations, settings of training scripts; transforms that lie
 * about come last.
 */
public final class PreparationFinder {
  private static final int MOST = 64;

  /** A list of transforms, and the name it has. */
  private record Named(String name, PyObject compose) {}

  /** Settings, and where they stand. */
  private record Setting(String origin, Object value) {}

  private final Set<Object> met = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Object> loaders = new ArrayList<>();
  private final List<Named> composes = new ArrayList<>();
  private final List<Object> configurations = new ArrayList<>();
  private final List<Setting> settings = new ArrayList<>();
  private final List<Object> loose = new ArrayList<>();
  private @Nullable Object validation;
  private @Nullable PyDict labelLists;

  /**
   * Looks at a value on the way.
   *
   * @param name the key or attribute it stands under, empty if it has none
   */
  public void meet(String name, Object value) {
    boolean telling = value instanceof PyObject || value instanceof PyDict;
    if (!telling || met.size() >= MOST * MOST || met.contains(value)) {
      return;
    }
    if (value instanceof PyDict dict && dict.get("tfmargs") instanceof PyDict) {
      labelLists = labelLists == null ? dict : labelLists;
    } else if (value instanceof PyObject object && Transforms.isOne(object)) {
      keep(composes, new Named(name, object), value);
    } else if (Values.has(value, "after_item") || Values.has(value, "after_batch")) {
      keep(loaders, value, value);
    } else if (value instanceof PyObject object && object.attribute("loaders") != null) {
      List<Object> both = Values.items(object.attribute("loaders"));
      if (validation == null && !both.isEmpty()) {
        validation = both.get(Math.min(1, both.size() - 1));
      }
    } else if (Timm.isConfiguration(value) && !ScriptSettings.typed(value)) {
      keep(configurations, value, value);
    } else if ((ScriptSettings.named(name) || ScriptSettings.typed(value))
        && (ScriptSettings.speaks(value) || isTimms(value))) {
      keep(settings, new Setting(name.isEmpty() ? "the file's settings" : name, value), value);
    } else if (value instanceof PyObject object && isTransform(object)) {
      keep(loose, value, value);
    }
  }

  /** Whether a name is one that settings are kept under. */
  public static boolean isSettings(String name) {
    return ScriptSettings.named(name);
  }

  /** Looks at what the pickle holds as a whole. */
  public void root(Object value) {
    if (value instanceof PyDict dict
        && dict.values().stream().anyMatch(PyDict.class::isInstance)
        && ScriptSettings.speaks(dict)) {
      settings.add(0, new Setting("the file", dict));
    }
  }

  private <T> void keep(List<T> list, T value, Object identity) {
    if (list.size() < MOST) {
      list.add(value);
      met.add(identity);
    }
  }

  private static boolean isTransform(PyObject object) {
    String type = object.simpleName();
    return type.startsWith("Resize")
        || type.startsWith("RandomResizedCrop")
        || type.equals("CenterCrop")
        || type.equals("Normalize");
  }

  /** What was found. */
  public Optional<Preparation> found() {
    return Optional.of(read()).filter(preparation -> !preparation.isEmpty());
  }

  private Preparation read() {
    Object loader = validation;
    if (!isLoader(loader)) {
      loader = loaders.isEmpty() ? null : loaders.get(Math.min(1, loaders.size() - 1));
    }
    if (loader != null) {
      return FastaiTwo.of(loader);
    }
    if (labelLists != null) {
      return FastaiOne.of(labelLists);
    }
    if (!composes.isEmpty()) {
      return readComposes();
    }
    if (!configurations.isEmpty() || settings.stream().anyMatch(s -> isTimms(s.value()))) {
      List<Object> sources = new ArrayList<>();
      settings.forEach(setting -> sources.add(setting.value()));
      sources.addAll(configurations);
      return Timm.of(
          configurations.isEmpty() ? settings.get(0).origin() : "timm's configuration", sources);
    }
    Optional<Preparation> said =
        settings.stream()
            .map(setting -> ScriptSettings.of(setting.origin(), setting.value()))
            .filter(preparation -> !preparation.isEmpty())
            .reduce(PreparationFinder::joined);
    if (said.isPresent()) {
      return said.get();
    }
    boolean fastai =
        loose.stream().anyMatch(t -> t instanceof PyObject o && o.typeName().startsWith("fastai"));
    return fastai ? FastaiTwo.ofLoose(loose) : Transforms.ofLoose(loose).preparation();
  }

  /** What the first does not say, the second may. */
  private static Preparation joined(Preparation first, Preparation second) {
    boolean size = first.size().isEmpty() && second.size().isPresent();
    boolean statistics = first.normalization().isEmpty() && second.normalization().isPresent();
    if (!size && !statistics) {
      return first;
    }
    List<String> notes = new ArrayList<>(first.notFollowed());
    notes.addAll(second.notFollowed());
    return new Preparation(
        first.origin().equals(second.origin())
            ? first.origin()
            : first.origin() + " and " + second.origin(),
        size ? second.steps() : first.steps(),
        size ? second.size() : first.size(),
        statistics ? second.normalization() : first.normalization(),
        notes);
  }

  private static boolean isLoader(@Nullable Object value) {
    return value != null && (Values.has(value, "after_item") || Values.has(value, "after_batch"));
  }

  private static boolean isTimms(Object value) {
    return Values.has(value, "crop_pct")
        || Values.has(value, "crop_mode")
        || (Values.has(value, "interpolation") && !Values.has(value, "val_crop_size"));
  }

  private Preparation readComposes() {
    record Candidate(Named named, Read read) {}
    List<Candidate> candidates =
        composes.stream()
            .map(named -> new Candidate(named, Transforms.of(named.compose(), named.name())))
            .sorted(Comparator.comparingInt(c -> rank(c.named().name(), c.read())))
            .toList();
    Candidate best = candidates.get(0);
    Preparation first = best.read().preparation();
    boolean others =
        candidates.stream()
            .filter(c -> rank(c.named().name(), c.read()) == rank(best.named().name(), best.read()))
            .anyMatch(c -> !c.read().preparation().steps().equals(first.steps()));
    if (!others) {
      return first;
    }
    List<String> notes = new ArrayList<>(first.notFollowed());
    notes.add("the file holds other lists of transforms as well, which are not followed");
    return new Preparation(
        first.origin(), first.steps(), first.size(), first.normalization(), notes);
  }

  /** Transforms for evaluation before others, those for training last. */
  private static int rank(String name, Read read) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (read.training()) {
      return 3;
    }
    if (lower.matches(".*(val|test|eval|infer|predict).*")) {
      return 0;
    }
    return lower.contains("train") ? 2 : 1;
  }
}
