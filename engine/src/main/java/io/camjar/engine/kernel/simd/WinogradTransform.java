package io.camjar.engine.kernel.simd;

/**
 * The one-dimensional transforms of a Winograd convolution F(m, 3) (Lavin and Gray, arXiv
 * 1509.09308): {@code y = A'((G g) (B' d))}, applied to rows and then to columns.
 *
 * <p>A line is a run of vectors; element {@code i} of line {@code n} lies at {@code from + i * step
 * + n * next}.
 */
interface WinogradTransform {

  /** Outputs of a tile along one dimension, m. */
  int outputs();

  /** Inputs of a tile along one dimension, m + 2; its square is the number of products. */
  default int points() {
    return outputs() + 2;
  }

  /** G, {@code [points][3]}. */
  double[][] kernel();

  /** {@code B' d} for {@code lines} lines. */
  void input(
      float[] d,
      int from,
      int step,
      int next,
      float[] to,
      int at,
      int toStep,
      int toNext,
      int lines);

  /** {@code A' m} for {@code lines} lines. */
  void output(
      float[] m,
      int from,
      int step,
      int next,
      float[] to,
      int at,
      int toStep,
      int toNext,
      int lines);

  /** {@code A y}, by which the gradient of the outputs reaches the products. */
  void outputGradient(
      float[] y,
      int from,
      int step,
      int next,
      float[] to,
      int at,
      int toStep,
      int toNext,
      int lines);

  /** {@code G' u}, by which the gradient of the transformed kernel reaches the kernel. */
  void kernelGradient(
      float[] u,
      int from,
      int step,
      int next,
      float[] to,
      int at,
      int toStep,
      int toNext,
      int lines);
}
