package io.camjar.engine.kernel.simd.winograd;

/** The ways to compute a 3x3 convolution by Winograd's method. */
public enum Winograd {
  /** Tiles of 2x2 outputs. */
  F2(2),

  /** Tiles of 3x3 outputs. */
  F3(3),

  /** Tiles of 4x4 outputs. */
  F4(4),

  /**
   * Tiles of 4x4 outputs; the weights are transformed in one dimension only beforehand and in the
   * other by the products. Half as many values to read, for weights that come from memory and are
   * used for few tiles; wants 32 vector registers.
   */
  F4_ROWS(4),

  /**
   * Tiles of 4x4 outputs; the weights are kept as they are and are transformed by the products, in
   * one dimension for some inputs at a time. A quarter of F4's values to keep, for where memory is
   * scarce; wants 32 vector registers.
   */
  F4_TAPS(4);

  private final int outputs;

  Winograd(int outputs) {
    this.outputs = outputs;
  }

  /** Outputs of a tile along one dimension. */
  public int outputs() {
    return outputs;
  }

  WinogradTransform transform() {
    return switch (outputs) {
      case 2 -> new WinogradF2();
      case 3 -> new WinogradF3();
      default -> new WinogradF4();
    };
  }
}
