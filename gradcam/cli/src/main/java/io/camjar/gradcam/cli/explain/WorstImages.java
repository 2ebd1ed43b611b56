package io.camjar.gradcam.cli.explain;

import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.ColorMap;
import io.camjar.gradcam.render.ImageSheet;
import io.camjar.gradcam.render.ImageSheet.Cell;
import io.camjar.gradcam.results.ImageResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The images that a network had most trouble with, the worst first: those of the largest loss, as
 * fastai's {@code plot_top_losses} shows them; where no classes are known, those whose predicted
 * class is least likely.
 */
final class WorstImages {
  private final boolean byLoss;
  private final List<ImageResult> worst;

  private WorstImages(boolean byLoss, List<ImageResult> worst) {
    this.byLoss = byLoss;
    this.worst = worst;
  }

  /**
   * Chooses among all results, of which it keeps no more than it was asked for.
   *
   * @param byLoss by loss rather than by probability; results without one do not count
   */
  static WorstImages of(Iterator<ImageResult> results, int count, boolean byLoss) {
    return of(results, count, byLoss, false);
  }

  /**
   * The same.
   *
   * @param oneOutput whether there is one class, which an image may be or not be: without losses
   *     the worst are then those whose share is nearest to a half
   */
  static WorstImages of(
      Iterator<ImageResult> results, int count, boolean byLoss, boolean oneOutput) {
    Function<ImageResult, @Nullable Double> badness =
        result ->
            byLoss ? result.loss() : negative(oneOutput ? result.margin() : probability(result));
    Comparator<ImageResult> leastBad =
        Comparator.comparingDouble(result -> Objects.requireNonNull(badness.apply(result)));
    PriorityQueue<ImageResult> worst = new PriorityQueue<>(leastBad);
    while (results.hasNext()) {
      ImageResult result = results.next();
      if (badness.apply(result) != null) {
        worst.add(result);
      }
      if (worst.size() > count) {
        worst.remove();
      }
    }
    List<ImageResult> sorted = new ArrayList<>(worst);
    sorted.sort(leastBad.reversed().thenComparing(ImageResult::name));
    return new WorstImages(byLoss, sorted);
  }

  private static @Nullable Double negative(@Nullable Double figure) {
    return figure == null ? null : -figure;
  }

  /** The images. */
  List<ImageResult> pictures() {
    return worst;
  }

  /** What the sheet's file is called. */
  String fileName() {
    return (byLoss ? "top-losses" : "least-confident") + ".png";
  }

  /**
   * The sheet of their overlays.
   *
   * @param folder where results were written to
   */
  RgbImage sheet(Path folder, ColorMap colors) {
    List<Cell> cells = worst.stream().map(result -> cell(result, folder)).toList();
    return byLoss
        ? ImageSheet.draw(
            "Top losses", "predicted / actual / loss / predicted's probability", cells, colors)
        : ImageSheet.draw(
            "Least confident", "predicted / probability / ahead of the next by", cells, colors);
  }

  private Cell cell(ImageResult result, Path folder) {
    String predicted = Objects.requireNonNull(result.predicted()).display();
    String probability = figure(probability(result));
    Path shown = overlay(result).map(folder::resolve).orElse(Path.of(result.image()));
    RgbImage picture = Images.read(shown);
    Cell cell =
        byLoss
            ? new Cell(
                picture,
                predicted + " / " + Objects.requireNonNull(result.actual()).display(),
                figure(result.loss()) + " / " + probability,
                result.name())
            : new Cell(
                picture, predicted, probability + " / " + figure(result.margin()), result.name());
    return cell.fitted();
  }

  /** The overlay of the last layer's first map: it is written first. */
  private static Optional<String> overlay(ImageResult result) {
    List<ImageResult.Map> maps = result.maps();
    String last = maps.get(maps.size() - 1).layer();
    return maps.stream()
        .filter(map -> map.layer().equals(last))
        .findFirst()
        .flatMap(map -> map.files().stream().filter(file -> file.endsWith(".png")).findFirst());
  }

  private static @Nullable Double probability(ImageResult result) {
    return result.predicted() == null ? null : result.predicted().probability();
  }

  private static String figure(@Nullable Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }
}
