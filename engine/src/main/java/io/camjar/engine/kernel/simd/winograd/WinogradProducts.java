package io.camjar.engine.kernel.simd.winograd;

import io.camjar.engine.kernel.simd.TileArgs;

/** Transformed weights of blocks of output channels, and the products of a tile with them. */
sealed interface WinogradProducts permits WinogradGemm, WinogradRowGemm, WinogradTapGemm {

  /**
   * The products of some groups of tiles with one block of outputs.
   *
   * @param args whose inputs lie as {@link TileGroups} says, its rows and those of products a block
   *     apart; {@code args.taps} are the blocks of inputs, and {@code args.c} is set to {@code
   *     [point][group][row]}
   * @param block of the outputs; one block of weights alone stands for any
   * @param group the first
   * @param endGroup behind the last
   * @param whole the first tile whose products at the last row of points are not wanted
   * @param c where the products go
   * @param cPitch floats between two points of products
   */
  void multiply(
      TileArgs args,
      int block,
      TileGroups groups,
      int group,
      int endGroup,
      int whole,
      int c,
      int cPitch);

  /** The transformed weights. */
  float[] packed();
}
