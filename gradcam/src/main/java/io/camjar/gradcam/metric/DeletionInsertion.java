package io.camjar.gradcam.metric;

import io.camjar.engine.CamjarException;
import java.util.ArrayList;
import java.util.List;

/**
 * Deletion and insertion (Petsiuk et al. 2018, RISE, arXiv 1806.07421): the score while the most
 * relevant pixels are blanked first, and while they are the first to come back.
 *
 * <p>Deletion goes to 0, the mean colour after normalisation; insertion starts from the blurred
 * image, as in RISE's {@code evaluation.py}. The area is the trapezoid rule's, {@code (sum - first
 * / 2 - last / 2) / steps}. A faithful map has a small deletion and a large insertion area.
 *
 * @param steps in how many equal parts pixels are changed, at least 1
 */
public record DeletionInsertion(int steps) {
  /**
   * Curves of so many steps.
   *
   * @throws CamjarException if there are none
   */
  public DeletionInsertion {
    if (steps < 1) {
      throw new CamjarException("deletion and insertion need at least one step, found " + steps);
    }
  }

  /** Area under the score while the most relevant pixels are deleted. */
  public double deletion(Scorer scorer, float[] input, float[] map) {
    return area(scorer, input, new float[input.length], map);
  }

  /** Area under the score while the most relevant pixels are inserted into the blurred image. */
  public double insertion(Scorer scorer, float[] input, float[] map) {
    float[] blurred = GaussianBlur.blur(input, scorer.height(), scorer.width());
    return area(scorer, blurred, input, map);
  }

  private double area(Scorer scorer, float[] from, float[] to, float[] map) {
    int[] order = Relevance.descending(map);
    List<float[]> inputs = new ArrayList<>();
    for (int step = 0; step <= steps; step++) {
      int count = (int) ((long) order.length * step / steps);
      inputs.add(Masking.replaced(from, to, order, count));
    }
    return area(scorer.scores(inputs));
  }

  /** The trapezoid rule on equal steps over an interval of length 1. */
  static double area(double[] curve) {
    double sum = -(curve[0] + curve[curve.length - 1]) / 2;
    for (double value : curve) {
      sum += value;
    }
    return sum / (curve.length - 1);
  }
}
