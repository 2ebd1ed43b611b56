package io.camjar.gradcam.dataset;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.dataset.MapClusters.Cluster;
import io.camjar.gradcam.image.Box;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.ColorMap;
import io.camjar.gradcam.render.ImageSheet;
import io.camjar.gradcam.render.ImageSheet.Cell;
import io.camjar.gradcam.render.MapView;
import io.camjar.gradcam.render.ScaledMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Sheets of what a network looks at, class by class. */
public final class ClusterSheet {
  /** The most clusters of one sheet. */
  public static final int MOST_ROWS = 24;

  /** The most classes of one sheet. */
  public static final int MOST_CLASSES = 100;

  private static final int COLUMNS = 6;
  private static final int SIDE = 280;
  private static final int PAPER = 0xff;
  private static final int GRAY = 0x80;

  private ClusterSheet() {}

  /**
   * A row a cluster: the mean of its maps, then the members nearest to its centre. Classes whose
   * maps form several clusters come first.
   *
   * @param overlays the image under its map; empty where it can no longer be read
   * @throws CamjarException if there is no cluster
   */
  public static RgbImage clusters(
      List<ClassMaps> classes,
      String note,
      Function<ImageMap, Optional<RgbImage>> overlays,
      ColorMap colors) {
    List<Cell> cells = new ArrayList<>();
    int all = classes.stream().mapToInt(one -> one.clusters().size()).sum();
    int rows = 0;
    for (ClassMaps one : severalFirst(classes)) {
      for (int i = 0; i < one.clusters().size() && rows < MOST_ROWS; i++) {
        row(cells, one, i, overlays, colors);
        rows++;
      }
    }
    String heading =
        all > rows ? "Clusters of maps, %d of %d".formatted(rows, all) : "Clusters of maps";
    return ImageSheet.draw(heading, note, cells, COLUMNS, colors);
  }

  /** Those of several clusters, then the others. */
  static List<ClassMaps> severalFirst(List<ClassMaps> classes) {
    return classes.stream().sorted(Comparator.comparing(one -> one.clusters().size() < 2)).toList();
  }

  private static void row(
      List<Cell> cells,
      ClassMaps one,
      int index,
      Function<ImageMap, Optional<RgbImage>> overlays,
      ColorMap colors) {
    Cluster cluster = one.clusters().get(index);
    cells.add(
        new Cell(
            heat(cluster.mean(), colors),
            one.target().display(),
            "cluster %d of %d: %s"
                .formatted(index + 1, one.clusters().size(), images(cluster.members().size())),
            right(cluster)));
    int filled = 1;
    for (ImageMap member : cluster.members()) {
      if (filled == COLUMNS) {
        break;
      }
      Optional<Cell> cell = overlays.apply(member).map(shown -> member(member, shown));
      if (cell.isPresent()) {
        cells.add(cell.get().fitted());
        filled++;
      }
    }
    for (; filled < COLUMNS; filled++) {
      cells.add(new Cell(plain(1, PAPER), "", "", ""));
    }
  }

  private static Cell member(ImageMap member, RgbImage shown) {
    String actual =
        Boolean.FALSE.equals(member.right()) && member.actual() != null
            ? "is " + member.actual().display()
            : figure(member);
    return new Cell(shown, name(member.image()), actual, "");
  }

  /** The share of the top-1 class; empty where outputs have none. */
  static String figure(ImageMap map) {
    double share = map.predicted().probability();
    return Double.isNaN(share) ? "" : String.format(Locale.ROOT, "%.3f", share);
  }

  /** So many, in words. */
  static String images(int count) {
    return count == 1 ? "1 image" : count + " images";
  }

  /** A path's last two parts: in a folder a class, one file name may be there twice. */
  static String name(String image) {
    return image.replaceFirst("^.*[/\\\\](?=[^/\\\\]+[/\\\\][^/\\\\])", "").replace('\\', '/');
  }

  /** How many are right, where classes are known. */
  static String right(Cluster cluster) {
    return cluster.labelled() == 0
        ? ""
        : "%d of %d right".formatted(cluster.right(), cluster.labelled());
  }

  /**
   * The mean map of every class.
   *
   * @throws CamjarException if there is no class
   */
  public static RgbImage means(List<ClassMaps> classes, String note, ColorMap colors) {
    List<Cell> cells = new ArrayList<>();
    for (ClassMaps one : classes.stream().limit(MOST_CLASSES).toList()) {
      String right = one.right() == null ? "" : "%d right".formatted(one.right());
      cells.add(
          new Cell(heat(one.mean(), colors), one.target().display(), images(one.images()), right));
    }
    String heading =
        classes.size() > cells.size()
            ? "Mean maps, %d of %d classes".formatted(cells.size(), classes.size())
            : "Mean maps";
    return ImageSheet.draw(heading, note, cells, colors);
  }

  /** A map alone, in colour. */
  static RgbImage heat(ScaledMap map, ColorMap colors) {
    return MapView.of(plain(SIDE, GRAY), Box.whole(SIDE, SIDE), map).heatMap(colors);
  }

  private static RgbImage plain(int side, int level) {
    byte[] rgb = new byte[3 * side * side];
    Arrays.fill(rgb, (byte) level);
    return RgbImage.of(side, side, rgb);
  }
}
