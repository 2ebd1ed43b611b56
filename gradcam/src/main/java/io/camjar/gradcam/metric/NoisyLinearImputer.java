package io.camjar.gradcam.metric;

import java.util.Random;
import java.util.stream.IntStream;

/**
 * Fills missing pixels so that each is the weighted mean of its neighbours, 1/6 for those beside
 * and 1/12 for those across a corner, and adds noise (Rong et al. 2022, ROAD, arXiv 2202.00449).
 *
 * <p>The same linear system as the paper's {@code imputations.py}: beyond the picture's edge there
 * are no neighbours and the other weights count for more. It is a graph's Laplacian, symmetric and
 * positive definite as long as one pixel is known, so conjugate gradients with the diagonal as
 * preconditioner solve it (Golub and Van Loan, Matrix Computations, 11.5) without a factorisation.
 * Where no pixel is known every channel becomes its mean.
 *
 * @param noise standard deviation of what is added
 * @param seed of the noise
 */
record NoisyLinearImputer(double noise, long seed) {
  private static final double BESIDE = 1.0 / 6;
  private static final double ACROSS = 1.0 / 12;
  private static final double TOLERANCE = 1e-6;
  private static final int MOST_STEPS = 5000;

  /**
   * The input with its missing pixels filled.
   *
   * @param input {@code [channels][height][width]} flattened
   * @param missing one flag a pixel
   */
  float[] impute(float[] input, boolean[] missing, int width) {
    Random random = new Random(seed);
    float[] filled = input.clone();
    Grid grid = new Grid(missing, width);
    for (int from = 0; from < input.length; from += missing.length) {
      double[] solution = grid.solve(input, from);
      for (int i = 0; i < missing.length; i++) {
        if (missing[i]) {
          filled[from + i] = (float) (solution[grid.at(i)] + noise * random.nextGaussian());
        }
      }
    }
    return filled;
  }

  /** The missing pixels of a picture with a border of zeros, so that no neighbour is looked for. */
  private static final class Grid {
    private final boolean[] missing;
    private final int width;
    private final int stride;
    private final int[] cells;
    private final double[] diagonal;

    Grid(boolean[] missing, int width) {
      this.missing = missing;
      this.width = width;
      this.stride = width + 2;
      this.cells =
          IntStream.range(0, missing.length).filter(i -> missing[i]).map(this::at).toArray();
      this.diagonal = new double[(missing.length / width + 2) * stride];
      double[] inside = new double[diagonal.length];
      for (int i = 0; i < missing.length; i++) {
        inside[at(i)] = 1;
      }
      for (int at : cells) {
        diagonal[at] = neighbours(inside, at);
      }
    }

    /** A pixel's place inside the border. */
    int at(int pixel) {
      return (pixel / width + 1) * stride + pixel % width + 1;
    }

    private double neighbours(double[] x, int at) {
      int up = at - stride;
      int down = at + stride;
      return BESIDE * (x[up] + x[down] + x[at - 1] + x[at + 1])
          + ACROSS * (x[up - 1] + x[up + 1] + x[down - 1] + x[down + 1]);
    }

    /** One channel, which starts at {@code from}; only the missing pixels' places hold answers. */
    double[] solve(float[] input, int from) {
      boolean nothingKnown = cells.length == missing.length;
      double[] known = new double[diagonal.length];
      double sum = 0;
      for (int i = 0; i < missing.length; i++) {
        known[at(i)] = missing[i] ? 0 : input[from + i];
        sum += missing[i] && !nothingKnown ? 0 : input[from + i];
      }
      double[] x = new double[diagonal.length];
      int count = nothingKnown ? missing.length : missing.length - cells.length;
      for (int at : cells) {
        x[at] = sum / count;
      }
      if (!nothingKnown) {
        conjugateGradients(known, x);
      }
      return x;
    }

    /** Improves {@code x} until {@code diagonal x - neighbours(x) = neighbours(known)}. */
    private void conjugateGradients(double[] known, double[] x) {
      double[] residual = new double[x.length];
      double[] direction = new double[x.length];
      double[] image = new double[x.length];
      double rho = 0;
      double size = 0;
      for (int at : cells) {
        double right = neighbours(known, at);
        residual[at] = right - diagonal[at] * x[at] + neighbours(x, at);
        direction[at] = residual[at] / diagonal[at];
        rho += residual[at] * direction[at];
        size += right * right;
      }
      for (int step = 0; step < MOST_STEPS && rho > TOLERANCE * TOLERANCE * size; step++) {
        double curvature = 0;
        for (int at : cells) {
          image[at] = diagonal[at] * direction[at] - neighbours(direction, at);
          curvature += direction[at] * image[at];
        }
        double length = rho / curvature;
        double next = 0;
        for (int at : cells) {
          x[at] += length * direction[at];
          residual[at] -= length * image[at];
          next += residual[at] * residual[at] / diagonal[at];
        }
        double turn = next / rho;
        rho = next;
        for (int at : cells) {
          direction[at] = residual[at] / diagonal[at] + turn * direction[at];
        }
      }
    }
  }
}
