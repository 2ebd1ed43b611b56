package io.camjar.gradcam.cli.images;

import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Labels;
import io.camjar.gradcam.math.Evenly;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The images whose maps are looked at together, in folders of any kind, with their classes where
 * folders say them.
 *
 * @param root the folder that paths in results are relative to
 * @param images in the order of their paths
 * @param truth how folders are understood
 * @param passedOver files that are no images
 */
public record MapSearch(Path root, List<Found> images, TrueClasses truth, int passedOver) {
  /**
   * An image.
   *
   * @param actual the class it shows; null where that is not known
   */
  public record Found(Path file, @Nullable ClassLabel actual) {}

  /**
   * Finds them.
   *
   * @param word a folder or a pattern
   * @param results where results go; never searched
   * @param limit the most images, spread evenly over all
   * @throws io.camjar.engine.CamjarException if there are none
   */
  public static MapSearch of(String word, @Nullable Path results, int limit, Labels labels) {
    ImageSearch search = ImageSearch.of(List.of(word), results);
    TrueClasses truth = search.classes(labels);
    List<Found> some = new ArrayList<>();
    for (FoundImage picture : Evenly.spread(search.pictures(), limit)) {
      some.add(new Found(picture.file(), truth.of(picture.classFolder(labels))));
    }
    return new MapSearch(FolderImages.root(word), some, truth, search.passedOver());
  }

  /** Tells the user how folders were understood and what was left out. */
  public void say(PrintWriter err) {
    if (truth.known()) {
      err.println("camjar: " + truth.describe());
    }
    if (passedOver > 0) {
      err.printf("camjar: files passed over, no images by their looks: %d%n", passedOver);
    }
    err.flush();
  }

  /** An image's path below the folder, with slashes. */
  public String name(String file) {
    return root.relativize(Path.of(file)).toString().replace('\\', '/');
  }
}
