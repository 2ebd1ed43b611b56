package io.camjar.weights.onnx.constant;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.Shapes;
import java.util.Arrays;
import java.util.function.LongConsumer;

/** Constants computed along an axis, or from the rows and columns of matrices. */
final class FoldedRows {
  private FoldedRows() {}

  /** {@code CumSum}: sums up to each place of one axis. */
  static Constant cumulated(Attributes node, Constant x, Constant axis) {
    int along = Axes.of((long) axis.scalar(), x.rank());
    boolean exclusive = node.flag("exclusive", false);
    boolean backwards = node.flag("reverse", false);
    int side = BroadcastIndices.size(new long[] {x.shape()[along]});
    int inner = inner(x, along);
    double[] values = x.values();
    double[] result = new double[values.length];
    for (int line = 0; line < values.length / Math.max(1, side); line++) {
      int begin = line / inner * side * inner + line % inner;
      double sum = 0;
      for (int i = 0; i < side; i++) {
        int place = begin + (backwards ? side - 1 - i : i) * inner;
        double next = sum + values[place];
        result[place] = exclusive ? sum : next;
        sum = next;
      }
    }
    return Constant.of(x.floating(), result, x.shape());
  }

  /** {@code ArgMax} and {@code ArgMin}: where along one axis the extreme value stands. */
  static Constant extreme(Attributes node, Constant x, boolean largest) {
    int along = Axes.of(node.integer("axis", 0), x.rank());
    boolean last = node.flag("select_last_index", false);
    long[] kept = x.shape();
    int side = BroadcastIndices.size(new long[] {kept[along]});
    if (side == 0) {
      throw Malformed.damaged("node '" + node.node().label() + "' looks for a value among none");
    }
    kept[along] = 1;
    int inner = inner(x, along);
    double[] values = x.values();
    long[] result = new long[BroadcastIndices.size(kept)];
    for (int line = 0; line < result.length; line++) {
      int begin = line / inner * side * inner + line % inner;
      int best = 0;
      for (int i = 1; i < side; i++) {
        double better = values[begin + i * inner] - values[begin + best * inner];
        if ((largest ? better > 0 : better < 0) || (last && better == 0)) {
          best = i;
        }
      }
      result[line] = best;
    }
    boolean keep = node.flag("keepdims", true);
    return Constant.ofIntegers(result, keep ? kept : Axes.without(kept, new int[] {along}));
  }

  private static int inner(Constant x, int axis) {
    return BroadcastIndices.size(Arrays.copyOfRange(x.shape(), axis + 1, x.rank()));
  }

  /** {@code Trilu}: matrices with zeros below the k-th diagonal, or above it. */
  static Constant triangle(Attributes node, Constant x, long k) {
    if (x.rank() < 2) {
      throw Malformed.damaged("node '" + node.node().label() + "' has no matrix");
    }
    boolean upper = node.flag("upper", true);
    long columns = x.shape()[x.rank() - 1];
    long rows = x.shape()[x.rank() - 2];
    double[] values = x.values();
    for (int i = 0; i < values.length; i++) {
      long diagonal = i % columns - i / columns % rows;
      values[i] = (upper ? diagonal >= k : diagonal <= k) ? values[i] : 0;
    }
    return Constant.of(x.floating(), values, x.shape());
  }

  /** {@code EyeLike}: ones on the k-th diagonal of a matrix, zeros elsewhere. */
  static Constant identity(Attributes node, Constant x) {
    if (x.rank() != 2) {
      throw Malformed.damaged("node '" + node.node().label() + "' has no matrix");
    }
    long k = node.integer("k", 0);
    long columns = x.shape()[1];
    double[] values = new double[BroadcastIndices.size(x.shape())];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % columns - i / columns == k ? 1 : 0;
    }
    long type = node.integer("dtype", x.floating() ? 1 : 7);
    return Constant.of(Folding.isFloating(type), values, x.shape());
  }

  /**
   * {@code MatMul} as NumPy defines it: the last two sides are matrices, the others are broadcast.
   *
   * @param cost is told how many products are to be summed, before they are
   */
  static Constant product(Constant a, Constant b, LongConsumer cost) {
    if (a.rank() == 0 || b.rank() == 0) {
      throw Malformed.damaged("a matrix is multiplied by a number");
    }
    Constant left = a.rank() == 1 ? a.reshaped(1, a.elements()) : a;
    Constant right = b.rank() == 1 ? b.reshaped(b.elements(), 1) : b;
    long[] outerA = Arrays.copyOf(left.shape(), left.rank() - 2);
    long[] outerB = Arrays.copyOf(right.shape(), right.rank() - 2);
    long[] outer = BroadcastIndices.shape(outerA, outerB);
    long rows = left.shape()[left.rank() - 2];
    long inner = left.shape()[left.rank() - 1];
    long columns = right.shape()[right.rank() - 1];
    if (right.shape()[right.rank() - 2] != inner) {
      throw Malformed.damaged(
          "matrices of the shapes %s and %s are multiplied"
              .formatted(Shapes.toString(a.shape()), Shapes.toString(b.shape())));
    }
    long[] shape = Arrays.copyOf(outer, outer.length + 2);
    shape[outer.length] = rows;
    shape[outer.length + 1] = columns;
    double[] result = new double[BroadcastIndices.size(shape)];
    cost.accept(result.length * inner);
    double[] x = left.values();
    double[] y = right.values();
    int[] ofA = BroadcastIndices.places(outerA, outer);
    int[] ofB = BroadcastIndices.places(outerB, outer);
    for (int i = 0; i < result.length; i++) {
      int matrix = (int) (i / (rows * columns));
      int begin = (int) ((ofA[matrix] * rows + i / columns % rows) * inner);
      int column = (int) (ofB[matrix] * inner * columns + i % columns);
      double sum = 0;
      for (int j = 0; j < inner; j++) {
        sum += x[begin + j] * y[(int) (column + j * columns)];
      }
      result[i] = sum;
    }
    boolean vectorA = a.rank() == 1;
    boolean vectorB = b.rank() == 1;
    long[] without =
        vectorA && vectorB
            ? outer
            : vectorA
                ? Axes.without(shape, new int[] {outer.length})
                : vectorB ? Axes.without(shape, new int[] {outer.length + 1}) : shape;
    return Constant.of(a.floating(), result, without);
  }
}
