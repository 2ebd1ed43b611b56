package io.camjar.engine.kernel.simd;

/**
 * The transforms of a Winograd convolution F(m, 3) (Lavin and Gray, arXiv 1509.09308): {@code y =
 * A'((G g G') (B' d B)) A}.
 *
 * <p>Those of inputs and outputs take a tile of one block of channels. Those of the gradient of the
 * weights have one dimension and are applied twice: a line is a run of vectors; element {@code i}
 * of line {@code n} lies at {@code from + i * step + n * next}.
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

  /**
   * {@code B' d B}.
   *
   * @param d holds the place {@code [i][j]} at {@code from + i * row + j * block}
   * @param to set to the point {@code [i][j]} at {@code at + (i * points + j) * pitch}
   * @param spare room for all points from {@code spareAt}
   */
  void input(
      float[] d, int from, int row, float[] to, int at, int pitch, float[] spare, int spareAt);

  /**
   * {@code A' m A}.
   *
   * @param m holds the point {@code [i][j]} at {@code from + (i * points + j) * pitch}
   * @param to set to the output {@code [i][j]} at {@code at + (i * outputs + j) * block}, with room
   *     for all points
   */
  void output(float[] m, int from, int pitch, float[] to, int at);

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
