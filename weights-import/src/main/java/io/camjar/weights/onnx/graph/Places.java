package io.camjar.weights.onnx.graph;

import io.camjar.engine.model.PatchGrid;
import io.camjar.engine.op.Concat;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.MatMul;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Reshape;
import io.camjar.engine.op.Shape;
import io.camjar.engine.op.Transpose;
import java.util.Optional;

/**
 * Which axes of a value are the rows and columns of the image.
 *
 * @param rows the axis of the rows
 * @param columns the axis of the columns, the one behind the rows; the same axis where places lie
 *     row by row on one
 * @param height how many rows there are
 * @param width how many columns there are
 */
record Places(int rows, int columns, long height, long width) {

  /** Those of feature maps {@code [N, C, H, W]}. */
  static Places ofMaps(Shape shape) {
    return new Places(2, 3, shape.side(2), shape.side(3));
  }

  /** Whether a value is feature maps, channels before places: {@code [N, C, H, W]}. */
  boolean isMaps(Shape shape) {
    return shape.rank() == 4 && rows == 2 && columns == 3;
  }

  /**
   * How the tokens of a value lie on the image, whose channels stand behind places: {@code [N, H,
   * W, C]} or {@code [N, T, C]}. Empty if it is neither.
   */
  Optional<PatchGrid> tokens(Shape shape) {
    boolean last = rows == 1 && columns == shape.rank() - 2;
    return last && (shape.rank() == 3 || shape.rank() == 4)
        ? Optional.of(new PatchGrid(0, Math.toIntExact(height), Math.toIntExact(width)))
        : Optional.empty();
  }

  /** Whether an axis is one of rows or columns. */
  private boolean has(int axis) {
    return axis == rows || axis == columns;
  }

  /**
   * Those of what an operation gives; empty where places are mixed, or stand where nobody knows.
   *
   * @param input the number of the operand that has these places
   * @param in that operand's shape
   */
  Optional<Places> through(Op op, int input, Shape in, Shape out) {
    if (op instanceof Conv2d) {
      return Optional.of(ofMaps(out));
    }
    if (op instanceof Transpose transpose) {
      return transposed(transpose);
    }
    if (op instanceof Reshape) {
      return reshaped(in, out);
    }
    boolean mixes = op instanceof Linear || op instanceof MatMul;
    if (in.rank() != out.rank() || (mixes && (input > 0 || has(in.rank() - 1)))) {
      return Optional.empty();
    }
    if (rows != columns) {
      return Optional.of(new Places(rows, columns, out.side(rows), out.side(columns)));
    }
    return out.side(rows) == in.side(rows) ? Optional.of(this) : Optional.empty();
  }

  private Optional<Places> transposed(Transpose transpose) {
    int first = transpose.permutation().indexOf(rows);
    int second = transpose.permutation().indexOf(columns);
    return second == first + columns - rows
        ? Optional.of(new Places(first, second, height, width))
        : Optional.empty();
  }

  /** Where as many numbers stand behind rows and columns of the same lengths as before. */
  private Optional<Places> reshaped(Shape in, Shape out) {
    long behind = inner(in, columns);
    for (int axis = out.rank() - 1; axis > 0; axis--) {
      if (inner(out, axis) == behind) {
        if (out.side(axis) == height * width) {
          return Optional.of(new Places(axis, axis, height, width));
        }
        if (out.side(axis) == width && out.side(axis - 1) == height) {
          return Optional.of(new Places(axis - 1, axis, height, width));
        }
      }
    }
    return Optional.empty();
  }

  /** How many numbers stand behind each place of an axis. */
  private static long inner(Shape shape, int axis) {
    long product = 1;
    for (int i = axis + 1; i < shape.rank(); i++) {
      product *= shape.side(i);
    }
    return product;
  }

  /** Whether an operation lays parts behind one another along these axes. */
  boolean isJoined(Op op, Shape shape) {
    return op instanceof Concat concat
        && has(concat.axis() < 0 ? concat.axis() + shape.rank() : concat.axis());
  }
}
