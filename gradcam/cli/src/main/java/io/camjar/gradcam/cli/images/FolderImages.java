package io.camjar.gradcam.cli.images;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Labels;
import io.camjar.gradcam.accuracy.ClassFolders;
import io.camjar.gradcam.accuracy.ClassFolders.Basis;
import io.camjar.gradcam.accuracy.LabelledImage;
import io.camjar.gradcam.image.ImageFileFilter;
import io.camjar.gradcam.math.Evenly;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The images that {@code evaluate} is given, found as {@code explain} finds them, with the classes
 * that their folders say.
 *
 * @param root the folder that was named, or the one below which a pattern matches
 * @param folders which class each folder is
 * @param pictures class by class, and by path within a class
 * @param loose images that lie in no folder of a class
 * @param passedOver files that are no images
 * @param unused folders without images that are no class
 */
public record FolderImages(
    Path root,
    ClassFolders folders,
    List<LabelledImage> pictures,
    int loose,
    int passedOver,
    List<String> unused) {
  /**
   * Finds them.
   *
   * @param word a folder or a pattern
   * @param results where results go; never searched; null if nowhere
   * @throws CamjarException if there are no images, or folders that are no class
   */
  public static FolderImages find(String word, @Nullable Path results, Labels labels) {
    Path root = root(word);
    ImageSearch search = ImageSearch.of(List.of(word), results);
    Map<String, List<Path>> byFolder = new TreeMap<>();
    int loose = 0;
    for (FoundImage picture : search.pictures()) {
      Path folder = picture.classFolder(labels);
      boolean inClass = !folder.equals(absolute(root)) || labels.find(name(folder)).isPresent();
      if (inClass) {
        ImageFileFilter.requireText(folder);
        byFolder.computeIfAbsent(name(folder), name -> new ArrayList<>()).add(picture.file());
      } else {
        loose++;
      }
    }
    if (byFolder.isEmpty()) {
      throw new CamjarException(
          word + " holds no images in folders; make one folder a class, with its images in it");
    }
    TreeSet<String> empty =
        new TreeSet<>(PathPattern.isOne(word) ? List.of() : below(root, results));
    empty.removeAll(byFolder.keySet());
    ClassFolders folders =
        ClassFolders.of(List.copyOf(byFolder.keySet()), List.copyOf(empty), labels);
    List<LabelledImage> pictures = new ArrayList<>();
    byFolder.forEach(
        (folder, files) ->
            files.forEach(
                file ->
                    pictures.add(new LabelledImage(file, folders.classes().get(folder).index()))));
    empty.removeAll(folders.classes().keySet());
    return new FolderImages(
        root, folders, pictures, loose, search.passedOver(), List.copyOf(empty));
  }

  /** At most so many images, spread evenly over all; which class each folder is stays the same. */
  public FolderImages spread(int limit) {
    return new FolderImages(
        root, folders, Evenly.spread(pictures, limit), loose, passedOver, unused);
  }

  /** The folder that paths in results are relative to. */
  public static Path root(String word) {
    boolean pattern = PathPattern.isOne(word) && !Files.exists(Path.of(word));
    Path root = pattern ? PathPattern.of(word).base() : Path.of(word);
    if (!Files.isDirectory(root)) {
      throw new CamjarException(
          root
              + (Files.exists(root)
                  ? " is a file, but evaluate takes a folder with one folder a class"
                  : " could not be listed, there is no such folder; name a folder that exists"));
    }
    return root;
  }

  private static List<String> below(Path root, @Nullable Path results) {
    try (Stream<Path> entries = Files.list(root)) {
      return entries
          .filter(Files::isDirectory)
          .filter(folder -> !ImageSearch.isHidden(folder))
          .filter(folder -> results == null || !absolute(folder).equals(absolute(results)))
          .map(FolderImages::name)
          .toList();
    } catch (IOException e) {
      throw new CamjarException(root + " could not be listed; check that it may be read", e);
    }
  }

  /** Tells the user how folders were understood and what was left out. */
  public void say(PrintWriter err) {
    if (folders.basis() == Basis.NAME) {
      err.println("camjar: folders go by the names of the classes");
    } else {
      Iterator<Map.Entry<String, ClassLabel>> entries = folders.classes().entrySet().iterator();
      err.printf(
          "camjar: %sfolders in alphabetical order are taken for the %d classes%s: %s%s%n",
          folders.named() ? "no folder bears a class's name, so " : "",
          folders.classes().size(),
          folders.labels().twoSided() ? ", the first for logits below 0" : "",
          pair(entries.next()) + (entries.hasNext() ? ", " + pair(entries.next()) : ""),
          entries.hasNext() ? ", ..." : "");
    }
    numberOutOfOrder()
        .ifPresent(
            entry ->
                err.printf(
                    "camjar: names of folders are ordered as texts, so folder %s is class %d%n",
                    entry.getKey(), entry.getValue().index()));
    if (passedOver > 0) {
      err.printf("camjar: files passed over, no images by their looks: %d%n", passedOver);
    }
    if (loose > 0) {
      err.printf("camjar: images passed over, they lie in no folder of a class: %d%n", loose);
    }
    if (!unused.isEmpty()) {
      err.printf(
          "camjar: folders passed over, no class's name and no images: %s%n",
          String.join(", ", unused));
    }
    err.flush();
  }

  /** Who numbers folders 1, 2, 10 may not think of 10 as the second. */
  private Optional<Map.Entry<String, ClassLabel>> numberOutOfOrder() {
    return folders.basis() == Basis.NAME
        ? Optional.empty()
        : folders.classes().entrySet().stream()
            .filter(entry -> entry.getKey().matches("\\d{2,9}"))
            .filter(entry -> Integer.parseInt(entry.getKey()) > entry.getValue().index() + 1)
            .findFirst();
  }

  private String pair(Map.Entry<String, ClassLabel> entry) {
    return entry.getKey() + " for " + index(entry.getValue());
  }

  private String index(ClassLabel label) {
    if (folders.labels().twoSided()) {
      return "class " + label.index();
    }
    return label.label() == null ? label.display() : label.display() + ", class " + label.index();
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  private static String name(Path folder) {
    Path name = folder.getFileName();
    return name == null ? "" : name.toString();
  }
}
