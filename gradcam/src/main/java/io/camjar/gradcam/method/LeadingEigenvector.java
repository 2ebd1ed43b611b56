package io.camjar.gradcam.method;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.apache.commons.math3.linear.EigenDecomposition;

/**
 * The eigenvector of the largest eigenvalue of a symmetric matrix without negative eigenvalues that
 * is known by its products only.
 *
 * <p>Lanczos's iteration with full reorthogonalisation (Golub and Van Loan, Matrix Computations,
 * 10.3); Commons Math decomposes the small tridiagonal matrix. A few dozen products replace the
 * Gram matrix of a layer of 2048 channels or 7744 cells and its full decomposition.
 */
final class LeadingEigenvector {
  private static final double TOLERANCE = 1e-10;
  private static final int FIRST_CHECK = 8;

  private final UnaryOperator<double[]> matrix;
  private final List<double[]> basis = new ArrayList<>();
  private final List<Double> diagonal = new ArrayList<>();
  private final List<Double> offDiagonal = new ArrayList<>();

  private LeadingEigenvector(UnaryOperator<double[]> matrix) {
    this.matrix = matrix;
  }

  /** The unit vector; of either sign. A matrix of zeros gives some unit vector. */
  static double[] of(int size, UnaryOperator<double[]> matrix) {
    // Any start that is not orthogonal to the answer will do; the same every time.
    double[] start = new SplittableRandom(size).doubles(size, -1, 1).toArray();
    scale(start, 1 / Math.sqrt(dot(start, start)));
    return new LeadingEigenvector(matrix).iterate(start);
  }

  private double[] iterate(double[] start) {
    double[] next = start;
    int check = Math.min(FIRST_CHECK, start.length);
    while (true) {
      basis.add(next);
      double[] residual = matrix.apply(next);
      double along = dot(residual, next);
      diagonal.add(along);
      // Twice is enough: one pass leaves rounding errors of the size of what it removed.
      orthogonalise(residual);
      orthogonalise(residual);
      double length = Math.sqrt(dot(residual, residual));
      boolean exhausted =
          basis.size() == start.length || length <= TOLERANCE * TOLERANCE * largest(diagonal);
      if (exhausted || basis.size() == check) {
        double[] ritz = leading();
        double error = length * Math.abs(ritz[ritz.length - 1]);
        if (exhausted || error <= TOLERANCE * largest(diagonal)) {
          return combine(ritz);
        }
        check = Math.min(2 * check, start.length);
      }
      offDiagonal.add(length);
      scale(residual, 1 / length);
      next = residual;
    }
  }

  private void orthogonalise(double[] vector) {
    for (double[] direction : basis) {
      double along = dot(vector, direction);
      for (int i = 0; i < vector.length; i++) {
        vector[i] -= along * direction[i];
      }
    }
  }

  /** The leading eigenvector of the tridiagonal matrix: coordinates in the basis. */
  private double[] leading() {
    double[] main = diagonal.stream().mapToDouble(Double::doubleValue).toArray();
    double[] secondary = offDiagonal.stream().mapToDouble(Double::doubleValue).toArray();
    if (main.length == 1) {
      return new double[] {1};
    }
    EigenDecomposition decomposition = new EigenDecomposition(main, secondary);
    double[] values = decomposition.getRealEigenvalues();
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return decomposition.getEigenvector(best).toArray();
  }

  private double[] combine(double[] coordinates) {
    double[] vector = new double[basis.get(0).length];
    for (int k = 0; k < coordinates.length; k++) {
      double[] direction = basis.get(k);
      for (int i = 0; i < vector.length; i++) {
        vector[i] += coordinates[k] * direction[i];
      }
    }
    return vector;
  }

  private static double largest(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void scale(double[] values, double factor) {
    Arrays.setAll(values, i -> values[i] * factor);
  }
}
