package io.camjar.benchmarks.lime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;

/**
 * LIME of an image: the class's score with parts of the image in their mean colour, for many random
 * choices of parts, and the weights of a linear model that says it best near the whole image.
 *
 * <p>Ribeiro et al. 2016, "Why Should I Trust You?", arXiv 1602.04938; with what the paper's {@code
 * lime_image.py} takes: each part stays with probability 1/2, choices are weighted by {@code
 * sqrt(exp(-d^2 / 0.25^2))} of their cosine distance {@code d} from the whole image, and ridge
 * regression has {@code alpha = 1} and an intercept.
 *
 * @param samples how many choices, the whole image among them; each is one forward
 */
record Lime(int samples) {
  private static final double KERNEL_WIDTH = 0.25;
  private static final double ALPHA = 1;
  private static final int BATCH = 16;
  private static final long SEED = 1;

  /**
   * The weight of every part.
   *
   * @param image {@code [3][height][width]}
   * @param scores of images, in their order
   */
  double[] weights(float[] image, Superpixels parts, Function<List<float[]>, double[]> scores) {
    boolean[][] kept = choices(parts.count());
    float[] flat = parts.flat(image);
    double[] answers = new double[samples];
    for (int first = 0; first < samples; first += BATCH) {
      List<float[]> inputs = new ArrayList<>();
      for (int i = first; i < Math.min(samples, first + BATCH); i++) {
        inputs.add(shown(image, flat, parts, kept[i]));
      }
      System.arraycopy(scores.apply(inputs), 0, answers, first, inputs.size());
    }
    return ridge(kept, answers);
  }

  private boolean[][] choices(int parts) {
    SplittableRandom random = new SplittableRandom(SEED);
    boolean[][] kept = new boolean[samples][parts];
    Arrays.fill(kept[0], true);
    for (int i = 1; i < samples; i++) {
      for (int k = 0; k < parts; k++) {
        kept[i][k] = random.nextBoolean();
      }
    }
    return kept;
  }

  private static float[] shown(float[] image, float[] flat, Superpixels parts, boolean[] kept) {
    float[] shown = image.clone();
    int pixels = parts.of().length;
    for (int i = 0; i < shown.length; i++) {
      if (!kept[parts.of()[i % pixels]]) {
        shown[i] = flat[i];
      }
    }
    return shown;
  }

  private static double weight(boolean[] kept) {
    int count = 0;
    for (boolean one : kept) {
      count += one ? 1 : 0;
    }
    double distance = 1 - Math.sqrt((double) count / kept.length);
    return Math.sqrt(Math.exp(-distance * distance / (KERNEL_WIDTH * KERNEL_WIDTH)));
  }

  /** Weighted least squares on what is left after the weighted means are taken away. */
  private static double[] ridge(boolean[][] kept, double[] answers) {
    int parts = kept[0].length;
    double[] weights = Arrays.stream(kept).mapToDouble(Lime::weight).toArray();
    double total = Arrays.stream(weights).sum();
    double[] means = new double[parts];
    double mean = 0;
    for (int i = 0; i < kept.length; i++) {
      mean += weights[i] * answers[i] / total;
      for (int k = 0; k < parts; k++) {
        means[k] += kept[i][k] ? weights[i] / total : 0;
      }
    }
    RealMatrix centered = new Array2DRowRealMatrix(kept.length, parts);
    RealVector right = new ArrayRealVector(kept.length);
    for (int i = 0; i < kept.length; i++) {
      double root = Math.sqrt(weights[i]);
      right.setEntry(i, root * (answers[i] - mean));
      for (int k = 0; k < parts; k++) {
        centered.setEntry(i, k, root * ((kept[i][k] ? 1 : 0) - means[k]));
      }
    }
    RealMatrix normal = centered.transpose().multiply(centered);
    for (int k = 0; k < parts; k++) {
      normal.addToEntry(k, k, ALPHA);
    }
    return new CholeskyDecomposition(normal)
        .getSolver()
        .solve(centered.preMultiply(right))
        .toArray();
  }
}
