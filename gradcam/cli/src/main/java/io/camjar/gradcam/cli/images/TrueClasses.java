package io.camjar.gradcam.cli.images;

import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Labels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What images show, going by the folders they lie in: folders that bear classes' names, else as
 * many folders side by side as there are classes, which are then the classes in alphabetical order
 * as torchvision's {@code ImageFolder} has it.
 */
public final class TrueClasses {
  private final Map<Path, ClassLabel> byFolder;
  private final boolean byOrder;

  private TrueClasses(Map<Path, ClassLabel> byFolder, boolean byOrder) {
    this.byFolder = byFolder;
    this.byOrder = byOrder;
  }

  /** The classes of these folders' images, as far as they are known. */
  public static TrueClasses of(List<Path> folders, Labels labels) {
    Map<Path, ClassLabel> named = byName(folders, labels);
    boolean sideBySide = folders.stream().map(Path::getParent).distinct().count() == 1;
    if (named.isEmpty() && sideBySide && folders.size() == labels.count() && folders.size() > 1) {
      return new TrueClasses(inOrder(folders, labels), true);
    }
    return new TrueClasses(named, false);
  }

  private static Map<Path, ClassLabel> byName(List<Path> folders, Labels labels) {
    Map<Path, ClassLabel> found = new HashMap<>();
    for (Path folder : folders) {
      labels.find(name(folder)).ifPresent(label -> found.put(folder, label));
    }
    return found;
  }

  private static Map<Path, ClassLabel> inOrder(List<Path> folders, Labels labels) {
    List<Path> sorted = new ArrayList<>(folders);
    sorted.sort((a, b) -> name(a).compareTo(name(b)));
    Map<Path, ClassLabel> classes = new LinkedHashMap<>();
    for (int i = 0; i < sorted.size(); i++) {
      classes.put(sorted.get(i), labels.at(i));
    }
    return classes;
  }

  /** The class of a folder's images, or null. */
  public @Nullable ClassLabel of(Path folder) {
    return byFolder.get(folder);
  }

  /** Whether any image's class is known. */
  public boolean known() {
    return !byFolder.isEmpty();
  }

  /** Tells the user how folders are understood. */
  public String describe() {
    if (!byOrder) {
      return "folders' names say what images show";
    }
    Iterator<Map.Entry<Path, ClassLabel>> entries = byFolder.entrySet().iterator();
    return "folders in alphabetical order are taken for the %d classes: %s, %s, ..."
        .formatted(byFolder.size(), pair(entries.next()), pair(entries.next()));
  }

  private static String pair(Map.Entry<Path, ClassLabel> entry) {
    return name(entry.getKey()) + " for " + entry.getValue().display();
  }

  /** What classes go by; the same words, the same classes of the same folders. */
  public String basis() {
    return byOrder ? "folders in order " + byFolder.keySet() : "folders by name";
  }

  private static String name(Path folder) {
    Path name = folder.getFileName();
    return name == null ? "" : name.toString();
  }
}
