package io.camjar.engine.op;

import io.camjar.engine.ShapeException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * NumPy's broadcasting: shapes are laid on one another from their last sides on, and a side of 1 is
 * repeated as often as the other's says.
 */
final class Broadcast {
  /** One side that is walked over, and how far apart its neighbours are in either tensor. */
  private record Side(int length, int a, int b) {}

  private final List<Side> sides = new ArrayList<>();

  /** One number of the result, and the places that it comes from. */
  interface Cell {
    void at(int y, int a, int b);
  }

  private Broadcast() {}

  /** The shape that two shapes give together, or null if they do not fit. */
  static @Nullable Shape of(Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    long[] all = new long[rank];
    for (int i = 0; i < rank; i++) {
      long left = side(a, i, rank);
      long right = side(b, i, rank);
      if (left != right && left != 1 && right != 1) {
        return null;
      }
      all[i] = left == 1 ? right : left;
    }
    return Shape.of(all);
  }

  /** The shape of an operation on two tensors. */
  static Shape of(Op op, String path, List<Shape> inputs) {
    Shape y = of(inputs.get(0), inputs.get(1));
    if (y == null) {
      throw new ShapeException(
          path,
          op.kind(),
          "inputs whose sides from the last on are equal or 1",
          inputs.get(0) + " and " + inputs.get(1));
    }
    return y;
  }

  private static long side(Shape shape, int axis, int rank) {
    int at = axis - (rank - shape.rank());
    return at < 0 ? 1 : shape.side(at);
  }

  /** Visits every number of {@code y}, in order. */
  static void run(Shape y, Shape a, Shape b, Cell cell) {
    Broadcast walk = new Broadcast();
    int rank = y.rank();
    int fromA = 1;
    int fromB = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      int ofA = (int) side(a, axis, rank);
      int ofB = (int) side(b, axis, rank);
      if (y.side(axis) > 1) {
        walk.put(y.at(axis), ofA == 1 ? 0 : fromA, ofB == 1 ? 0 : fromB);
      }
      fromA *= ofA;
      fromB *= ofB;
    }
    if (y.length() > 0) {
      walk.run(walk.sides.size() - 1, 0, 0, 0, cell);
    }
  }

  /** Adds a side before those so far; one that goes on where the last ends is joined with it. */
  private void put(int length, int a, int b) {
    if (!sides.isEmpty()) {
      int last = sides.size() - 1;
      Side inner = sides.get(last);
      if (a == inner.a * inner.length && b == inner.b * inner.length) {
        sides.set(last, new Side(length * inner.length, inner.a, inner.b));
        return;
      }
    }
    sides.add(new Side(length, a, b));
  }

  /** Returns the index of the number of {@code y} that follows. */
  private int run(int depth, int y, int a, int b, Cell cell) {
    if (depth < 0) {
      cell.at(y, a, b);
      return y + 1;
    }
    Side side = sides.get(depth);
    int next = y;
    int left = a;
    int right = b;
    for (int i = 0; i < side.length; i++) {
      if (depth == 0) {
        cell.at(next++, left, right);
      } else {
        next = run(depth - 1, next, left, right, cell);
      }
      left += side.a;
      right += side.b;
    }
    return next;
  }
}
