package io.camjar.gradcam.target;

import io.camjar.engine.CamjarException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How far a class is ahead of those most like it: {@code sum_d p_d (y_c - alpha y_d) / (sum_d p_d +
 * 1e-9)}, {@code p} the softmax of all logits.
 *
 * <p>Zhang et al. 2025, Finer-CAM, arXiv 2501.11309; as pytorch-grad-cam's {@code
 * FinerWeightedTarget}, whose gradient also flows through the weights {@code p}.
 *
 * @param index the class {@code c}
 * @param others the classes {@code d}
 * @param alpha how much of the others is subtracted
 */
public record FinerDifference(int index, List<Integer> others, double alpha) implements Score {
  private static final double EPSILON = 1e-9;
  private static final int COMPARED = 3;

  public FinerDifference {
    others = List.copyOf(others);
  }

  /**
   * The class against the three others whose logits are nearest to its own, alpha 1; against fewer
   * where the network has fewer.
   *
   * @throws CamjarException if the network has a single output
   */
  public static FinerDifference nearest(int index, float[] logits) {
    if (logits.length < 2) {
      throw new CamjarException(
          "finercam compares a class with those most like it, but the network has one output;"
              + " use gradcam");
    }
    List<Integer> nearest =
        IntStream.range(0, logits.length)
            .filter(d -> d != index)
            .boxed()
            .sorted(Comparator.comparing(d -> Math.abs(logits[d] - logits[index])))
            .limit(COMPARED)
            .toList();
    return new FinerDifference(index, nearest, 1);
  }

  @Override
  public double value(float[] logits) {
    double[] p = ClassProbabilities.of(logits);
    return ahead(logits, p) / weight(p);
  }

  @Override
  public float[] gradient(float[] logits) {
    double[] p = ClassProbabilities.of(logits);
    double weight = weight(p);
    double value = ahead(logits, p) / weight;
    // The quotient rule, with dp_d / dy_j = p_d ([j = d] - p_j).
    double[] gradient = new double[logits.length];
    for (int d : others) {
      double excess = p[d] * (logits[index] - alpha * logits[d] - value) / weight;
      gradient[d] += excess - alpha * p[d] / weight;
      gradient[index] += p[d] / weight;
      for (int j = 0; j < gradient.length; j++) {
        gradient[j] -= excess * p[j];
      }
    }
    float[] rounded = new float[gradient.length];
    for (int j = 0; j < rounded.length; j++) {
      rounded[j] = (float) gradient[j];
    }
    return rounded;
  }

  private double ahead(float[] logits, double[] p) {
    double sum = 0;
    for (int d : others) {
      sum += p[d] * (logits[index] - alpha * logits[d]);
    }
    return sum;
  }

  private double weight(double[] p) {
    double sum = EPSILON;
    for (int d : others) {
      sum += p[d];
    }
    return sum;
  }
}
