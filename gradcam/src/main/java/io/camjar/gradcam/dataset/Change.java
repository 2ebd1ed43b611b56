package io.camjar.gradcam.dataset;

import io.camjar.gradcam.CamMap;
import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Prediction;
import io.camjar.gradcam.Target;
import java.util.Comparator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What two networks make of one image. The maps of both explain one class: the first network's
 * top-1 class.
 *
 * @param first the first network's answer and map
 * @param answer the second network's answer
 * @param same whether both answers are one class
 * @param share the second network's share of the first one's class, 0 to 1; NaN where outputs have
 *     none
 * @param second the second network's map of the first one's class; its prediction is that class
 * @param right whether the second network is right; null where the image's class is not known
 * @param moved how far evidence has moved, see {@link MapGrid#moved}; NaN where a map shows none
 */
public record Change(
    ImageMap first,
    Prediction answer,
    boolean same,
    double share,
    ImageMap second,
    @Nullable Boolean right,
    double moved) {
  /** What became of an answer. */
  public enum Kind {
    /** Both networks answer the same. */
    SAME("same"),
    /** The second is right where the first was not. */
    FIXED("fixed"),
    /** The first was right and the second is not. */
    BROKEN("broken"),
    /** Another answer, and neither is right or what is right is not known. */
    OTHER("other");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** In one word. */
    public String text() {
      return text;
    }
  }

  /**
   * Compares two explanations of an image.
   *
   * @param first by the first network, of its top-1 class
   * @param ask explains the same image with the second network
   * @param match which class is which
   * @param actual the class that the image shows, of the first network's; null where that is not
   *     known
   */
  public static Change of(
      Explanation first,
      Function<Target, Explanation> ask,
      ClassMatch match,
      @Nullable ClassLabel actual) {
    ImageMap before = ImageMap.of(first, actual);
    ClassLabel label = match.inSecond(before.predicted().target());
    Explanation second = ask.apply(Target.index(label.index()));
    Prediction answer = second.top(1).get(0);
    Prediction asked =
        second.top(second.readout().labels().count()).stream()
            .filter(one -> one.target().index() == label.index())
            .findFirst()
            .orElseThrow();
    CamMap map = second.maps().get(0);
    ClassLabel shown = actual == null ? null : match.inSecond(actual);
    ImageMap after =
        new ImageMap(
            second.image(),
            asked,
            shown,
            map.status(),
            second.region(),
            ImageMap.small(map.toScaledMap()));
    return new Change(
        before,
        answer,
        label.index() == answer.target().index(),
        asked.probability(),
        after,
        shown == null ? null : shown.index() == answer.target().index(),
        before.showsEvidence() && after.showsEvidence()
            ? MapGrid.moved(before.map(), after.map())
            : Double.NaN);
  }

  /** The image's name. */
  public String image() {
    return first.image();
  }

  /** What became of the answer. */
  public Kind kind() {
    if (same) {
      return Kind.SAME;
    }
    if (Boolean.TRUE.equals(right)) {
      return Kind.FIXED;
    }
    return Boolean.TRUE.equals(first.right()) ? Kind.BROKEN : Kind.OTHER;
  }

  /** By how much the share of the first network's class has changed, -1 to 1. */
  public double shareChange() {
    return share - first.predicted().probability();
  }

  /** Other answers first, then by how much the share has changed, then by name. */
  public static Comparator<Change> byAnswer() {
    return Comparator.comparing(Change::same)
        .thenComparing(Comparator.comparingDouble(Change::shareSize).reversed())
        .thenComparing(Change::image);
  }

  /** By how far evidence has moved, the farthest first; maps without evidence last. */
  public static Comparator<Change> byMap() {
    return Comparator.comparingDouble((Change one) -> Double.isNaN(one.moved) ? -1 : one.moved)
        .reversed()
        .thenComparing(Change::image);
  }

  private double shareSize() {
    double change = shareChange();
    return Double.isNaN(change) ? 0 : Math.abs(change);
  }
}
