package io.camjar.gradcam.flow;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.camjar.gradcam.math.Finite;
import java.util.Arrays;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.jspecify.annotations.Nullable;

/**
 * The singular values of a weight in figures. A convolution's weight {@code [O, I, H, W]} is the
 * matrix {@code [O, I H W]}.
 *
 * @param spectralNorm the largest singular value
 * @param stableRank the squares' sum over the largest square, {@code |W|_F^2 / |W|_2^2}
 * @param powerLaw the exponent alpha with which the density of the eigenvalues of {@code W W^T}
 *     falls from {@code xmin} on: its maximum likelihood, {@code xmin} being the eigenvalue with
 *     which the fit has the least Kolmogorov-Smirnov distance (Clauset, Shalizi and Newman 2009,
 *     arXiv 0706.1062, equation 3.1 and section 3.3); null for fewer than {@value #LEAST}
 *     eigenvalues
 */
public record Spectrum(
    @JsonProperty("spectral_norm") double spectralNorm,
    @JsonProperty("stable_rank") double stableRank,
    @JsonProperty("power_law") @Nullable Double powerLaw) {
  /** So many eigenvalues at least make a law. */
  static final int LEAST = 8;

  /** Sides beyond which a decomposition takes minutes. */
  public static final int LARGEST = 2048;

  /** Eigenvalues below this share of the largest are rounding errors. */
  private static final double ROUNDING = 1e-10;

  /**
   * That of a weight; empty for vectors, for tensors whose smaller side is 1 or above {@link
   * #LARGEST}, and where a value is not finite.
   *
   * @param values of the shape in c order
   */
  public static Optional<Spectrum> of(float[] values, long... shape) {
    int rows = shape.length < 2 ? 1 : Math.toIntExact(shape[0]);
    int columns = values.length / Math.max(1, rows);
    int side = Math.min(rows, columns);
    if (side < 2 || side > LARGEST || !Finite.all(values)) {
      return Optional.empty();
    }
    double[] eigenvalues = eigenvalues(values, rows, columns);
    double largest = eigenvalues[eigenvalues.length - 1];
    if (largest <= 0) {
      return Optional.empty();
    }
    double sum = Arrays.stream(eigenvalues).sum();
    return Optional.of(new Spectrum(Math.sqrt(largest), sum / largest, exponent(eigenvalues)));
  }

  /** The eigenvalues of the smaller of {@code W W^T} and {@code W^T W}, ascending. */
  private static double[] eigenvalues(float[] values, int rows, int columns) {
    DMatrixRMaj matrix = new DMatrixRMaj(rows, columns);
    for (int i = 0; i < values.length; i++) {
      matrix.data[i] = values[i];
    }
    int side = Math.min(rows, columns);
    DMatrixRMaj gram = new DMatrixRMaj(side, side);
    if (rows <= columns) {
      CommonOps_DDRM.multTransB(matrix, matrix, gram);
    } else {
      CommonOps_DDRM.multTransA(matrix, matrix, gram);
    }
    EigenDecomposition_F64<DMatrixRMaj> decomposition =
        DecompositionFactory_DDRM.eig(side, false, true);
    if (!decomposition.decompose(gram)) {
      throw new IllegalStateException("the eigenvalues of a symmetric matrix were not found");
    }
    double[] eigenvalues = new double[side];
    for (int i = 0; i < side; i++) {
      eigenvalues[i] = Math.max(0, decomposition.getEigenvalue(i).getReal());
    }
    Arrays.sort(eigenvalues);
    return eigenvalues;
  }

  private static @Nullable Double exponent(double... ascending) {
    double least = ascending[ascending.length - 1] * ROUNDING;
    double[] x = Arrays.stream(ascending).filter(value -> value > least).toArray();
    if (x.length < LEAST) {
      return null;
    }
    double[] logs = Arrays.stream(x).map(Math::log).toArray();
    double best = Double.POSITIVE_INFINITY;
    Double exponent = null;
    double tail = logs[x.length - 1];
    for (int first = x.length - 2; first >= 0; first--) {
      tail += logs[first];
      int count = x.length - first;
      double spread = tail - count * logs[first];
      if (spread > 0) {
        double alpha = 1 + count / spread;
        double distance = distance(logs, first, alpha);
        if (distance <= best) {
          best = distance;
          exponent = alpha;
        }
      }
    }
    return exponent;
  }

  /** The largest difference between the shares of the tail and those of the law. */
  private static double distance(double[] logs, int first, double alpha) {
    int count = logs.length - first;
    double largest = 0;
    for (int i = 0; i < count; i++) {
      double law = 1 - Math.exp((1 - alpha) * (logs[first + i] - logs[first]));
      largest = Math.max(largest, Math.abs(law - (double) i / count));
    }
    return largest;
  }
}
