package io.camjar.engine.backend.cpu.memory;

import io.camjar.engine.op.Shape;

/** How a value of some rank lies in blocks. */
public enum Form {
  /** {@code [N, C, H, W]}. */
  IMAGE,

  /** {@code [N, F]}, or {@code [N, F, 1, 1]} as a pool leaves them: one row, a column an image. */
  FEATURES,

  /**
   * {@code [..., T, D]}, tokens or matrices: images of D channels, one row and a column a token.
   */
  TOKENS,

  /** {@code [N, H, W, C]}: as the image that it is a transposed one of. */
  CHANNELS_LAST,

  /** Of any other rank: in c order, nothing but element-wise work reads it where it lies. */
  PLAIN;

  /** Whether the last side is the channels. */
  boolean endsWithChannels() {
    return this == TOKENS || this == CHANNELS_LAST;
  }

  /** That of a shape which no operation laid out otherwise. */
  public static Form of(Shape shape) {
    return switch (shape.rank()) {
      case 2 -> FEATURES;
      case 3 -> TOKENS;
      case 4 -> IMAGE;
      default -> PLAIN;
    };
  }
}
