package io.camjar.engine.kernel.simd.winograd;

import io.camjar.engine.kernel.simd.Lanes;

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
   * {@code B' d B} of neighbouring tiles of a line: at most as many as a register tile has rows.
   *
   * @param d holds the place {@code [i][j]} of the first tile at {@code from + i * row + j *
   *     block}, that of the next {@link #outputs} blocks behind it
   * @param to set to the point {@code [i][j]} of the first tile at {@code at + (i * points + j) *
   *     pitch}, that of the next a block behind it
   * @param spare room for {@link #spareBlocks} from {@code spareAt}
   */
  void input(
      float[] d,
      int from,
      int row,
      int tiles,
      float[] to,
      int at,
      int pitch,
      float[] spare,
      int spareAt);

  /**
   * {@code A' m A} of as many tiles.
   *
   * @param m holds the point {@code [i][j]} of the first tile at {@code from + (i * points + j) *
   *     pitch}, that of the next a block behind it
   * @param to set to the output {@code [i][j]} of the first tile at {@code at + i * line + j *
   *     block}, that of the next {@link #outputs} blocks behind it, with room for {@link
   *     #spareBlocks}
   */
  void output(float[] m, int from, int pitch, int tiles, float[] to, int at);

  /** Floats between two lines of outputs, as long as the largest number of tiles makes it. */
  default int line() {
    return outputs() * Lanes.MAX_ROWS * Lanes.BLOCK;
  }

  /** Blocks that the largest number of neighbouring tiles needs on its way. */
  default int spareBlocks() {
    return 2 * points() * outputs() * Lanes.MAX_ROWS;
  }

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
