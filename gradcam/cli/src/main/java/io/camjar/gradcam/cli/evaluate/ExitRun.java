package io.camjar.gradcam.cli.evaluate;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.CamMap;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Labels;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.accuracy.LabelledImage;
import io.camjar.gradcam.cli.images.FolderImages;
import io.camjar.gradcam.cli.images.ImageFiles;
import io.camjar.gradcam.cli.output.Csv;
import io.camjar.gradcam.cli.output.ProgressOnErr;
import io.camjar.gradcam.cli.output.TextTable;
import io.camjar.gradcam.metric.Agreement;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which exits of a network are right about each image, and how alike their maps of the image's
 * class are to the last exit's: easy images against tough ones.
 */
final class ExitRun {
  private final Explainer explainer;
  private final FolderImages folder;
  private final ImageFiles files;
  private final PrintWriter err;
  private final List<Row> rows = new ArrayList<>();

  /**
   * What the exits make of one image.
   *
   * @param name its path below the folder
   * @param actual the index of the class that it shows
   * @param right exit by exit
   * @param alike Pearson's correlation of each exit's map of that class with the last one's
   */
  @SuppressWarnings("ArrayRecordComponent") // a row of a table, never compared
  record Row(String name, int actual, boolean[] right, double[] alike) {
    int exits() {
      return right.length;
    }

    int rightExits() {
      return (int) IntStream.range(0, right.length).filter(k -> right[k]).count();
    }
  }

  ExitRun(Explainer explainer, FolderImages folder, ImageFiles files, PrintWriter err) {
    this.explainer = explainer.withExits();
    this.folder = folder;
    this.files = files;
    this.err = err;
  }

  /** Asks all exits about all images; images that cannot be read are left out. */
  void measure() {
    ProgressOnErr progress = ProgressOnErr.of(err);
    List<LabelledImage> pictures = folder.pictures();
    progress.at("exits", 0, pictures.size());
    for (int i = 0; i < pictures.size(); i++) {
      LabelledImage picture = pictures.get(i);
      try {
        rows.add(row(picture));
      } catch (CamjarException e) {
        // AccuracyRun has reported it already.
        progress.note("one left out");
      }
      progress.at("exits", i + 1, pictures.size());
    }
  }

  private Row row(LabelledImage picture) {
    String name = folder.root().relativize(picture.file()).toString().replace('\\', '/');
    Target shown = Target.index(picture.classIndex());
    List<Explanation> exits =
        explainer.explain(name, files.read(picture.file()), List.of(shown)).exits();
    float[] last = map(exits.get(exits.size() - 1));
    boolean[] right = new boolean[exits.size()];
    double[] alike = new double[exits.size()];
    for (int k = 0; k < right.length; k++) {
      right[k] = exits.get(k).top(1).get(0).target().index() == picture.classIndex();
      float[] map = map(exits.get(k));
      alike[k] = map.length == last.length ? Agreement.pearson(map, last) : Double.NaN;
    }
    return new Row(name, picture.classIndex(), right, alike);
  }

  private static float[] map(Explanation explanation) {
    List<CamMap> maps = explanation.maps();
    return maps.get(maps.size() - 1).scaled();
  }

  /** Prints a table over exits, and how many images are easy and tough. */
  void print(PrintWriter out) {
    if (rows.isEmpty()) {
      return;
    }
    int exits = rows.get(0).exits();
    TextTable table = new TextTable("exit", ">right", ">accuracy", ">map like the last exit's");
    for (int exit = 0; exit < exits; exit++) {
      int k = exit;
      long right = rows.stream().filter(row -> row.right()[k]).count();
      OptionalDouble alike =
          rows.stream().mapToDouble(row -> row.alike()[k]).filter(Double::isFinite).average();
      table.row(
          List.of(
              Integer.toString(exit + 1),
              Long.toString(right),
              String.format(Locale.ROOT, "%.2f %%", 100.0 * right / rows.size()),
              alike.isPresent() ? String.format(Locale.ROOT, "%.3f", alike.getAsDouble()) : "-"));
    }
    out.println();
    table.print(out);
    long easy = rows.stream().filter(row -> row.rightExits() == exits).count();
    long never = rows.stream().filter(row -> row.rightExits() == 0).count();
    out.printf(
        "easy, right at all %d exits: %d images; tough, right at some: %d; right at none: %d%n",
        exits, easy, rows.size() - easy - never, never);
  }

  /** An image a row, those that most exits are right about first. */
  byte[] csv(Labels labels) {
    int exits = rows.isEmpty() ? 0 : rows.get(0).exits();
    List<String> head = new ArrayList<>(List.of("image", "index", "label", "right_exits"));
    IntStream.rangeClosed(1, exits).forEach(k -> head.add("right_exit" + k));
    IntStream.rangeClosed(1, exits).forEach(k -> head.add("map_like_last_exit" + k));
    List<List<@Nullable Object>> table = new ArrayList<>();
    rows.stream()
        .sorted((a, b) -> Integer.compare(b.rightExits(), a.rightExits()))
        .forEach(
            row -> {
              List<@Nullable Object> cells = new ArrayList<>();
              cells.addAll(Arrays.asList(row.name(), row.actual()));
              cells.add(labels.at(row.actual()).label());
              cells.add(row.rightExits());
              IntStream.range(0, exits).forEach(k -> cells.add(row.right()[k]));
              Arrays.stream(row.alike()).forEach(r -> cells.add(Double.isFinite(r) ? r : null));
              table.add(cells);
            });
    return Csv.of(head, table);
  }
}
