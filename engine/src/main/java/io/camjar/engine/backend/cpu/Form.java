package io.camjar.engine.backend.cpu;

import io.camjar.engine.op.Shape;

/** How a value of some rank lies in blocks. */
enum Form {
  /** {@code [N, C, H, W]}. */
  IMAGE,

  /** {@code [N, F]}, or {@code [N, F, 1, 1]} as a pool leaves them: one row, a column an image. */
  FEATURES,

  /** {@code [N, T, D]}: images of D channels, one row and a column a token. */
  TOKENS,

  /** Of any other rank: in c order, nothing but element-wise work reads it where it lies. */
  PLAIN;

  /** That of a shape which no pool left. */
  static Form of(Shape shape) {
    return switch (shape.rank()) {
      case 2 -> FEATURES;
      case 3 -> TOKENS;
      case 4 -> IMAGE;
      default -> PLAIN;
    };
  }
}
