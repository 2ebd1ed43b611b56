package io.camjar.engine.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Products of row-major matrices through a BLAS that thinks in columns. */
final class Nd4jGemm {

  private Nd4jGemm() {}

  /**
   * {@code c = a * b}, or {@code c += a * b}.
   *
   * <p>A row-major matrix is its transpose in column-major memory, so {@code c' = b' * a'} needs no
   * copy; asked directly, ND4J would multiply into a temporary and copy it.
   */
  static void multiply(INDArray a, INDArray b, INDArray c, boolean accumulate) {
    Nd4j.gemm(
        b.transpose(), a.transpose(), c.transpose(), false, false, 1.0, accumulate ? 1.0 : 0.0);
  }
}
