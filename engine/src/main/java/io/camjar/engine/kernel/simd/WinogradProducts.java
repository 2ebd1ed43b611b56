package io.camjar.engine.kernel.simd;

/** Transformed weights of blocks of output channels, and the products of a tile with them. */
sealed interface WinogradProducts permits PointProducts, RowProducts {

  /**
   * The products of some tiles with one block of outputs.
   *
   * @param args whose inputs are {@code [points^2][inBlocks][tiles][block]}, of more tiles perhaps;
   *     {@code args.taps} are the blocks of inputs, and {@code args.c} is set to {@code
   *     [points^2][tiles][block]}
   * @param block of the outputs; one block of weights alone stands for any
   * @param whole of the tiles, the first: those whose products at the last row of points are wanted
   * @param a where the first tile of the first block of inputs lies
   * @param aPitch floats between two points of inputs
   * @param c where the products of the first tile go
   * @param cPitch floats between two points of products
   */
  void multiply(
      TileArgs args, int block, int tiles, int whole, int a, int aPitch, int c, int cPitch);

  /** The transformed weights. */
  float[] packed();
}
