package io.camjar.engine.op;

import io.camjar.engine.ShapeException;

/**
 * A tensor seen along one axis: number {@code j} of row {@code (o, i)} has the index {@code (o *
 * length + j) * inner + i}.
 *
 * @param outer product of the sides before the axis
 * @param length of the axis
 * @param inner product of the sides behind it
 */
record Axis(int outer, int length, int inner) {

  /** The axis of this number, counted from the end where it is negative. */
  static Axis of(Shape shape, int axis) {
    int at = axis < 0 ? axis + shape.rank() : axis;
    int outer = 1;
    for (int i = 0; i < at; i++) {
      outer *= shape.at(i);
    }
    int inner = 1;
    for (int i = at + 1; i < shape.rank(); i++) {
      inner *= shape.at(i);
    }
    return new Axis(outer, shape.at(at), inner);
  }

  /**
   * The axis's number counted from the start.
   *
   * @throws ShapeException if the tensor has no such axis
   */
  static int number(Op op, String path, int axis, Shape x) {
    int at = axis < 0 ? axis + x.rank() : axis;
    if (at < 0 || at >= x.rank()) {
      throw new ShapeException(
          path, op.kind(), "an input with an axis %d".formatted(axis), x.toString());
    }
    return at;
  }

  /** How many rows there are. */
  int rows() {
    return outer * inner;
  }

  /** The index of a row's first number; the next ones are {@link #inner} apart. */
  int start(int row) {
    return row / inner * length * inner + row % inner;
  }
}
