package io.camjar.gradcam.accuracy;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which class the images of each folder show. Folders go by their names where classes have names;
 * where none of them is a class's name and there are as many, and where classes have no names, they
 * are the classes in alphabetical order, as in torchvision's {@code ImageFolder}.
 *
 * @param classes by the folder's name, in alphabetical order
 * @param basis what they go by
 * @param named whether the classes have names, of which no folder may bear one
 * @param labels the classes; of a single output without names the folders are its two sides
 */
public record ClassFolders(
    Map<String, ClassLabel> classes, Basis basis, boolean named, Labels labels) {
  private static final int SHOWN = 3;

  /** What says which class a folder is. */
  public enum Basis {
    /** The folders' names. */
    NAME,
    /** The folders' order. */
    ORDER
  }

  /**
   * The classes of these folders.
   *
   * @param filled names of folders with images in them
   * @param empty names of the other folders, that have none
   * @throws CamjarException naming the folders that are no class, or both counts
   */
  public static ClassFolders of(List<String> filled, List<String> empty, Labels labels) {
    List<String> all = new ArrayList<>(filled);
    all.addAll(empty);
    all = all.stream().distinct().sorted().toList();
    Map<String, ClassLabel> named = byName(all, labels);
    List<String> unknown = filled.stream().filter(name -> !named.containsKey(name)).toList();
    if (unknown.isEmpty()) {
      return new ClassFolders(named, Basis.NAME, true, labels);
    }
    boolean none = unknown.size() == filled.size();
    if (none && PARTS.containsAll(all.stream().map(f -> f.toLowerCase(Locale.ROOT)).toList())) {
      throw new CamjarException(
          "the folder holds %s, by %s of a data set and no %s; give the folder inside, such as %s"
              .formatted(
                  all.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", ")),
                  all.size() == 1 ? "its name a part" : "their names parts",
                  all.size() == 1 ? "class" : "classes",
                  all.get(all.size() - 1)));
    }
    // A single class would always be right.
    if (none && all.size() == labels.count() && labels.count() > 1) {
      return inOrder(all, labels, !labels.names().isEmpty());
    }
    if (labels.names().isEmpty()) {
      return unnamed(all, labels);
    }
    throw new CamjarException(unknownFolders(unknown, labels));
  }

  /** How data sets call their parts. */
  private static final Set<String> PARTS =
      Set.of("train", "training", "val", "valid", "validation", "dev", "test", "testing", "eval");

  private static Map<String, ClassLabel> byName(List<String> folders, Labels labels) {
    Map<String, ClassLabel> found = new TreeMap<>();
    for (String folder : folders) {
      labels.find(folder).ifPresent(label -> found.put(folder, label));
    }
    return found;
  }

  private static ClassFolders inOrder(List<String> folders, Labels labels, boolean named) {
    Map<String, ClassLabel> classes = new TreeMap<>();
    for (int i = 0; i < folders.size(); i++) {
      classes.put(folders.get(i), labels.at(i));
    }
    return new ClassFolders(classes, Basis.ORDER, named, labels);
  }

  private static ClassFolders unnamed(List<String> folders, Labels labels) {
    if (labels.outputs() == 1 && folders.size() == 2) {
      return inOrder(folders, Labels.sides(folders.get(0), folders.get(1)), false);
    }
    String first = folders.stream().limit(SHOWN).collect(Collectors.joining(", "));
    throw new CamjarException(
        "the folder has %d classes (%s), but the model has %s without names; give one folder a class%s, or the classes' names with --labels"
            .formatted(
                folders.size(),
                folders.size() > SHOWN ? first + ", ..." : first,
                labels.outputs() == 1 ? "one output" : labels.count(),
                labels.outputs() == 1
                    ? ", first that of logits below 0"
                    : ", their names in index order"));
  }

  private static String unknownFolders(List<String> unknown, Labels labels) {
    String shown =
        unknown.stream()
            .limit(SHOWN)
            .map(name -> "'" + name + "'" + hint(name, labels))
            .collect(Collectors.joining(", "));
    String more = unknown.size() > SHOWN ? " and %d more".formatted(unknown.size() - SHOWN) : "";
    return "the model has no class of the name of the %s %s%s; rename the folder or move it away, or name the model's classes with --labels"
        .formatted(unknown.size() == 1 ? "folder" : "folders", shown, more);
  }

  private static String hint(String name, Labels labels) {
    if (labels.has(name)) {
      return " (which fits several classes)";
    }
    Optional<String> near = labels.suggestion(name);
    return near.map(words -> " (" + words.substring(2) + ")").orElse("");
  }
}
