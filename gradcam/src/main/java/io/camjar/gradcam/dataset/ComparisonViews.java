package io.camjar.gradcam.dataset;

import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Prediction;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.ColorMap;
import io.camjar.gradcam.render.ImageSheet;
import io.camjar.gradcam.render.ImageSheet.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A sheet and a page of the images on which two networks differ most. */
public final class ComparisonViews {
  private static final int COLUMNS = 4;

  private ComparisonViews() {}

  /**
   * Two images a change, that of the first network at the left; two changes a row.
   *
   * @param note what stands below the heading
   * @param overlays the image under its map; empty where it can no longer be read
   * @throws io.camjar.engine.CamjarException if no image can be read
   */
  public static RgbImage sheet(
      String heading,
      String note,
      List<Change> changes,
      Function<ImageMap, Optional<RgbImage>> overlays,
      ColorMap colors) {
    List<Cell> cells = new ArrayList<>();
    for (Change change : changes) {
      Optional<RgbImage> first = overlays.apply(change.first());
      Optional<RgbImage> second = overlays.apply(change.second());
      if (first.isPresent() && second.isPresent()) {
        String name = ClusterSheet.name(change.image());
        cells.add(
            new Cell(first.get(), "A: " + answer(change.first().predicted()), moved(change), name)
                .fitted());
        cells.add(
            new Cell(second.get(), "B: " + answer(change.answer()), explained(change), "")
                .fitted());
      }
    }
    return ImageSheet.draw(heading, note, cells, COLUMNS, colors);
  }

  /**
   * The page, one file that asks for no other.
   *
   * @param subtitle one line on the networks, plain text
   * @param footer one line at the end, plain text
   * @param most images of each list
   */
  public static String page(
      Comparison comparison,
      String subtitle,
      String footer,
      int most,
      Function<ImageMap, Optional<RgbImage>> overlays) {
    StringBuilder body = new StringBuilder();
    body.append("<section><dl>");
    figure(body, "images", Integer.toString(comparison.changes().size()));
    figure(body, "other answers", Integer.toString(comparison.changed()));
    if (comparison.firstRight() != null && comparison.secondRight() != null) {
      figure(body, "A right", Integer.toString(comparison.firstRight()));
      figure(body, "B right", Integer.toString(comparison.secondRight()));
      comparison
          .kinds()
          .forEach(
              (kind, count) -> {
                if (kind == Change.Kind.FIXED || kind == Change.Kind.BROKEN) {
                  figure(body, kind.text(), Integer.toString(count));
                }
              });
    }
    figure(body, "evidence moved, mean", decimals(comparison.meanMoved()));
    body.append("</dl></section>\n");
    list(
        body,
        "Answers that changed most",
        "Other answers first, then by how much the probability of A's class has changed.",
        comparison.byAnswer(most),
        overlays);
    list(
        body,
        "The same answer for other reasons",
        "Of equal answers those whose maps have moved most: 0 is the same place, 1 no place in"
            + " common.",
        comparison.byMap(most),
        overlays);
    return Html.page("Two networks compared", subtitle, footer, body.toString());
  }

  private static void figure(StringBuilder body, String name, String value) {
    body.append("<div><dt>").append(name).append("</dt><dd>").append(value).append("</dd></div>");
  }

  private static void list(
      StringBuilder body,
      String title,
      String note,
      List<Change> changes,
      Function<ImageMap, Optional<RgbImage>> overlays) {
    body.append("<section><h2>").append(title).append("</h2><p>").append(note).append("</p>");
    body.append("<div class=\"pairs\">\n");
    for (Change change : changes) {
      Optional<RgbImage> first = overlays.apply(change.first());
      Optional<RgbImage> second = overlays.apply(change.second());
      if (first.isPresent() && second.isPresent()) {
        pair(body, change, first.get(), second.get());
      }
    }
    body.append("</div></section>\n");
  }

  private static void pair(StringBuilder body, Change change, RgbImage first, RgbImage second) {
    ClassLabel actual = change.first().actual();
    body.append("<div class=\"pair\"><h3>").append(Html.text(ClusterSheet.name(change.image())));
    body.append("</h3><div class=\"two\">");
    half(body, "A: ", change.first().predicted(), change.first().right(), first);
    half(body, "B: ", change.answer(), change.right(), second);
    body.append("</div><p>").append(Html.text(explained(change) + "; " + moved(change)));
    if (actual != null) {
      body.append("; shows ").append(Html.text(actual.display()));
    }
    body.append(".</p></div>\n");
  }

  private static void half(
      StringBuilder body,
      String network,
      Prediction answer,
      @Nullable Boolean right,
      RgbImage image) {
    body.append("<figure>").append(Html.image(image, network + answer.target().display()));
    body.append("<figcaption");
    body.append(Boolean.FALSE.equals(right) ? " class=\"wrong\">" : ">");
    body.append(Html.text(network + answer(answer))).append("</figcaption></figure>");
  }

  private static String answer(Prediction answer) {
    return Double.isNaN(answer.probability())
        ? answer.target().display()
        : "%s %s".formatted(answer.target().display(), decimals(answer.probability()));
  }

  /** Whose evidence both maps show, and what the second network gives it. */
  private static String explained(Change change) {
    String name = change.first().predicted().target().display();
    return Double.isNaN(change.share())
        ? "maps of " + name
        : "maps of %s, B %s".formatted(name, decimals(change.share()));
  }

  private static String moved(Change change) {
    return Double.isNaN(change.moved())
        ? "no evidence in one of them"
        : "moved " + decimals(change.moved());
  }

  private static String decimals(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
  }
}
