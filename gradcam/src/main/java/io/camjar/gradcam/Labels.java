package io.camjar.gradcam;

import io.camjar.engine.CamjarException;
import io.camjar.engine.NearestNames;
import io.camjar.engine.UnknownNameException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The names of a network's classes in the order of its logits; all of them, or none. Immutable. */
public final class Labels {
  private static final int SUGGESTIONS = 3;
  private static final Pattern BETWEEN = Pattern.compile("[\\s_-]+");

  private final int count;
  private final List<String> names;
  private final List<String> ids;
  private final boolean twoSided;

  /** Indices by what is left of a name where case and punctuation do not matter. */
  private final Map<String, List<Integer>> byName;

  private final Map<String, List<Integer>> byId;

  private Labels(int count, List<String> names, List<String> ids, boolean twoSided) {
    this.count = count;
    this.names = List.copyOf(names);
    this.ids = List.copyOf(ids);
    this.twoSided = twoSided;
    this.byName = index(names);
    this.byId = index(ids);
  }

  /** Names for all classes. */
  public static Labels of(List<String> names) {
    return of(names, List.of());
  }

  /**
   * Names for all classes, and what data sets call them besides: {@code n01440764} for a tench.
   *
   * @param ids as many as names, or none; a class can be asked for by its id, too
   * @throws CamjarException if there are ids, but not as many as names
   */
  public static Labels of(List<String> names, List<String> ids) {
    if (!ids.isEmpty() && ids.size() != names.size()) {
      throw new CamjarException(
          "there are %d names of classes and %d ids; give one a class or none"
              .formatted(names.size(), ids.size()));
    }
    return new Labels(names.size(), names, ids, false);
  }

  /** Classes that have a number only. */
  public static Labels unnamed(int count) {
    return new Labels(count, List.of(), List.of(), false);
  }

  /**
   * The two sides of a single output: a logit below 0 speaks for the first, any other for the
   * second, as with {@code BCEWithLogitsLoss} and the targets 0 and 1.
   */
  public static Labels sides(String first, String second) {
    return new Labels(2, List.of(first, second), List.of(), true);
  }

  /** How many classes there are. */
  public int count() {
    return count;
  }

  /** How many logits the network gives: one a class, or one for two sides. */
  public int outputs() {
    return twoSided ? 1 : count;
  }

  /** Whether the classes are the two sides of a single output. */
  public boolean twoSided() {
    return twoSided;
  }

  /** The names in index order; empty where the classes have none. */
  public List<String> names() {
    return names;
  }

  /** What data sets call the classes besides, in index order; empty where that is not known. */
  public List<String> ids() {
    return ids;
  }

  /**
   * Other names for the same network; two names for a single output are its two sides.
   *
   * @throws CamjarException if there are more or fewer than classes
   */
  Decision<Labels> replacedBy(Decision<Labels> other) {
    Labels given = other.value();
    if (given.outputs() == outputs()) {
      return other;
    }
    if (outputs() == 1 && given.count == 2 && !given.names.isEmpty()) {
      return other.of(sides(given.names.get(0), given.names.get(1)));
    }
    throw new CamjarException(
        "there %s for a model of %s; give one label a class%s"
            .formatted(
                given.count == 1 ? "is 1 label" : "are " + given.count + " labels",
                outputs() == 1 ? "one output" : outputs() + " classes",
                outputs() == 1 ? ", or two for the sides below and above 0" : ""));
  }

  /**
   * The class of that index.
   *
   * @throws CamjarException if there is none
   */
  public ClassLabel at(int index) {
    if (index < 0 || index >= count) {
      throw new CamjarException(
          count == 1
              ? "there is no class %d: the model has one output, which is class 0".formatted(index)
              : "there is no class %d: the model has %d classes, 0 to %d"
                  .formatted(index, count, count - 1));
    }
    return new ClassLabel(index, names.isEmpty() ? null : names.get(index));
  }

  /** Whether some class is called like that; see {@link #named}. */
  public boolean has(String name) {
    return !matching(name).isEmpty();
  }

  /** The class of that name, if there is exactly one; see {@link #named}. */
  public Optional<ClassLabel> find(String name) {
    List<Integer> found = matching(name);
    return found.size() == 1 ? Optional.of(at(found.get(0))) : Optional.empty();
  }

  /**
   * The class of that name or id: exactly, else with letter case aside, else with blanks,
   * underscores and hyphens alike.
   *
   * @throws CamjarException if there is none, with names near to it; or if there are several
   */
  public ClassLabel named(String name) {
    List<Integer> found = matching(name);
    if (found.size() == 1) {
      return at(found.get(0));
    }
    if (found.size() > 1) {
      throw new CamjarException(
          "\"%s\" may be %s; give the number of the one that is meant"
              .formatted(
                  name,
                  found.stream()
                      .map(i -> "class %d, \"%s\"".formatted(i, names.get(i)))
                      .collect(Collectors.joining(", or "))));
    }
    if (names.isEmpty()) {
      throw new CamjarException(
          "there is no class \"%s\": this model's classes have no names, so give %s, or a --labels file"
              .formatted(name, count == 1 ? "0" : "a number from 0 to " + (count - 1)));
    }
    throw new UnknownNameException(
        "there is no class \"%s\"%s".formatted(name, suggestion(name).orElse("; " + range())),
        name,
        near(name));
  }

  /** Names near to one that no class has, as the end of a message; empty if none is near. */
  public Optional<String> suggestion(String name) {
    List<String> near = near(name);
    if (near.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        (near.size() == 1 ? "; the nearest is %s" : "; the nearest are %s")
            .formatted(String.join(", ", near)));
  }

  private List<String> near(String name) {
    return NearestNames.of(name, names, SUGGESTIONS).stream()
        .filter(known -> isNear(name, known))
        .toList();
  }

  private String range() {
    String some = names.stream().limit(SUGGESTIONS).collect(Collectors.joining(", "));
    return "the classes are %s%s, or a number from 0 to %d"
        .formatted(some, count > SUGGESTIONS ? " ..." : "", count - 1);
  }

  /** Not every name is a slip of every other: a third of the letters may differ. */
  private static boolean isNear(String typed, String known) {
    String a = plain(typed);
    String b = plain(known);
    return (a.length() > 2 && b.contains(a))
        || (b.length() > 2 && a.contains(b))
        || NearestNames.distance(a, b) <= Math.max(1, Math.max(a.length(), b.length()) / 3);
  }

  /** The classes that a name fits best, most often one or none. */
  private List<Integer> matching(String name) {
    String plain = plain(name);
    // What fits exactly, or in another case, is among these.
    List<Integer> near = byName.getOrDefault(plain, List.of());
    List<Integer> found = where(near, i -> names.get(i).equals(name));
    if (found.isEmpty()) {
      found = byId.getOrDefault(plain, List.of());
    }
    if (found.isEmpty()) {
      found = where(near, i -> names.get(i).equalsIgnoreCase(name));
    }
    return found.isEmpty() ? near : found;
  }

  private static List<Integer> where(List<Integer> classes, IntPredicate fits) {
    return classes.stream().filter(fits::test).toList();
  }

  private static Map<String, List<Integer>> index(List<String> words) {
    Map<String, List<Integer>> index = new HashMap<>();
    for (int i = 0; i < words.size(); i++) {
      index.computeIfAbsent(plain(words.get(i)), word -> new ArrayList<>()).add(i);
    }
    return index;
  }

  /**
   * A folder cannot always bear a class's very name, and people type what is near. macOS writes
   * accents of file names as characters of their own.
   */
  private static String plain(String name) {
    String composed = Normalizer.normalize(name, Normalizer.Form.NFC);
    return BETWEEN.matcher(composed.toLowerCase(Locale.ROOT)).replaceAll(" ").strip();
  }
}
