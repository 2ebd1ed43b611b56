package io.camjar.weights.onnx.constant;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.Shapes;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/** Constants that are read or written at places which other constants name. */
final class FoldedIndices {
  private FoldedIndices() {}

  /**
   * {@code ScatterND}: the tensor with slices replaced, or combined by {@code reduction}. A row of
   * the indices names a slice by its first axes; negative indices count from the end.
   *
   * @param indices {@code [..., k]} with k up to the tensor's rank
   * @param updates the shape of the indices without k, then the tensor's sides from k on
   */
  static Constant scatterNd(Attributes node, Constant x, Constant indices, Constant updates) {
    int[] begins = slices(x, indices, 0);
    long[] wanted = sliceShape(x, indices, 0);
    if (!Arrays.equals(updates.shape(), wanted)) {
      throw Malformed.damaged(
          "node '%s' scatters a tensor of shape %s where %s fits"
              .formatted(
                  node.node().label(), Shapes.toString(updates.shape()), Shapes.toString(wanted)));
    }
    DoubleBinaryOperator reduction = reduction(node);
    double[] result = x.values();
    double[] values = updates.values();
    int length = begins.length == 0 ? 0 : values.length / begins.length;
    for (int i = 0; i < values.length; i++) {
      int place = begins[i / length] + i % length;
      result[place] = reduction.applyAsDouble(result[place], values[i]);
    }
    return Constant.of(x.floating(), result, x.shape());
  }

  /** {@code GatherND}: the slices that the rows of the indices name. */
  static Constant gatherNd(Attributes node, Constant x, Constant indices) {
    int batch = Math.toIntExact(Math.max(0, Math.min(32, node.integer("batch_dims", 0))));
    if (batch >= Math.min(x.rank(), indices.rank())) {
      throw Malformed.damaged(
          "node '%s' has %d batch dimensions".formatted(node.node().label(), batch));
    }
    int[] begins = slices(x, indices, batch);
    long[] shape = sliceShape(x, indices, batch);
    double[] from = x.values();
    double[] result = new double[BroadcastIndices.size(shape)];
    int length = begins.length == 0 ? 0 : result.length / begins.length;
    for (int i = 0; i < result.length; i++) {
      result[i] = from[begins[i / length] + i % length];
    }
    return Constant.of(x.floating(), result, shape);
  }

  /** Where the slices begin that the rows of the indices name. */
  private static int[] slices(Constant x, Constant indices, int batch) {
    int named = named(x, indices, batch);
    long[] sides = x.shape();
    long[] strides = Shapes.rowMajorStrides(sides);
    long[] rows = indices.integers();
    int count = named == 0 ? 0 : rows.length / named;
    long images = Shapes.elements(Arrays.copyOf(sides, batch));
    long[] own = Arrays.copyOf(indices.shape(), batch);
    if (!Arrays.equals(own, Arrays.copyOf(sides, batch))) {
      throw Malformed.damaged("indices of other batch dimensions than the tensor's");
    }
    int each = images == 0 ? 0 : (int) (count / images);
    int[] begins = new int[count];
    for (int i = 0; i < count; i++) {
      long begin = batch == 0 ? 0 : i / each * strides[batch - 1];
      for (int d = 0; d < named; d++) {
        int axis = batch + d;
        begin += Axes.of(rows[i * named + d], side(sides[axis])) * strides[axis];
      }
      begins[i] = (int) begin;
    }
    return begins;
  }

  private static long[] sliceShape(Constant x, Constant indices, int batch) {
    int named = named(x, indices, batch);
    return join(
        Arrays.copyOf(indices.shape(), indices.rank() - 1),
        Arrays.copyOfRange(x.shape(), batch + named, x.rank()));
  }

  /** How many axes a row of the indices names. */
  private static int named(Constant x, Constant indices, int batch) {
    long named = indices.rank() == 0 ? 0 : indices.shape()[indices.rank() - 1];
    if (named < 1 || named > x.rank() - batch) {
      throw Malformed.damaged(
          "indices of shape %s name places of a tensor of %d dimensions"
              .formatted(Shapes.toString(indices.shape()), x.rank()));
    }
    return (int) named;
  }

  /** {@code ScatterElements}: element by element, at an index along one axis. */
  static Constant scatterElements(Attributes node, Constant x, Constant indices, Constant updates) {
    if (!Arrays.equals(indices.shape(), updates.shape())) {
      throw Malformed.damaged(
          "node '%s' scatters a tensor of shape %s to indices of shape %s"
              .formatted(
                  node.node().label(),
                  Shapes.toString(updates.shape()),
                  Shapes.toString(indices.shape())));
    }
    int[] places = elements(node, x, indices);
    DoubleBinaryOperator reduction = reduction(node);
    double[] result = x.values();
    double[] values = updates.values();
    for (int i = 0; i < places.length; i++) {
      result[places[i]] = reduction.applyAsDouble(result[places[i]], values[i]);
    }
    return Constant.of(x.floating(), result, x.shape());
  }

  /** {@code GatherElements}: element by element, from an index along one axis. */
  static Constant gatherElements(Attributes node, Constant x, Constant indices) {
    double[] from = x.values();
    int[] places = elements(node, x, indices);
    return Constant.of(
        x.floating(),
        Arrays.stream(places).mapToDouble(place -> from[place]).toArray(),
        indices.shape());
  }

  /** The place of each index: its own, but for one axis, along which it names it. */
  private static int[] elements(Attributes node, Constant x, Constant indices) {
    int axis = Axes.of(node.integer("axis", 0), x.rank());
    long[] sides = x.shape();
    long[] shape = indices.shape();
    for (int d = 0; d < sides.length; d++) {
      if (shape.length != sides.length || (d != axis && shape[d] > sides[d])) {
        throw Malformed.damaged(
            "node '%s' has indices of shape %s for a tensor of shape %s"
                .formatted(node.node().label(), Shapes.toString(shape), Shapes.toString(sides)));
      }
    }
    long[] strides = Shapes.rowMajorStrides(sides);
    long[] own = Shapes.rowMajorStrides(shape);
    long[] along = indices.integers();
    int[] places = new int[along.length];
    for (int i = 0; i < places.length; i++) {
      long place = 0;
      for (int d = 0; d < shape.length; d++) {
        long index = d == axis ? Axes.of(along[i], side(sides[d])) : i / own[d] % shape[d];
        place += index * strides[d];
      }
      places[i] = (int) place;
    }
    return places;
  }

  /** What a scattered value does to the one that is there; it replaces it by default. */
  private static DoubleBinaryOperator reduction(Attributes node) {
    String reduction = node.text("reduction", "none");
    return switch (reduction) {
      case "none" -> (old, value) -> value;
      case "add" -> Double::sum;
      case "mul" -> (old, value) -> old * value;
      case "min" -> Math::min;
      case "max" -> Math::max;
      default ->
          throw Malformed.damaged(
              "node '%s' has the reduction '%s'".formatted(node.node().label(), reduction));
    };
  }

  /** {@code NonZero}: the indices of all elements that are not 0, a row an axis. */
  static Constant nonZero(Constant x) {
    double[] values = x.values();
    int[] found = IntStream.range(0, values.length).filter(i -> values[i] != 0).toArray();
    long[] shape = x.shape();
    long[] strides = Shapes.rowMajorStrides(shape);
    long[] result = new long[BroadcastIndices.size(new long[] {shape.length, found.length})];
    for (int i = 0; i < result.length; i++) {
      int axis = i / found.length;
      result[i] = found[i % found.length] / strides[axis] % shape[axis];
    }
    return Constant.ofIntegers(result, shape.length, found.length);
  }

  /** {@code OneHot}: a new axis that has one value at the index and another elsewhere. */
  static Constant oneHot(Attributes node, Constant indices, Constant depth, Constant offAndOn) {
    double[] values = offAndOn.values();
    long length = (long) depth.scalar();
    if (values.length != 2 || length < 1) {
      throw Malformed.damaged(
          "node '%s' asks for %d places and %d values"
              .formatted(node.node().label(), length, values.length));
    }
    int axis = Axes.of(node.integer("axis", -1), indices.rank() + 1);
    long[] from = indices.shape();
    long[] shape =
        join(
            join(Arrays.copyOf(from, axis), new long[] {length}),
            Arrays.copyOfRange(from, axis, from.length));
    double[] result = new double[BroadcastIndices.size(shape)];
    Arrays.fill(result, values[0]);
    long[] places = indices.integers();
    long inner = Shapes.elements(Arrays.copyOfRange(from, axis, from.length));
    for (int i = 0; i < places.length; i++) {
      long place = places[i] < 0 ? places[i] + length : places[i];
      if (place >= 0 && place < length) {
        result[(int) ((i / inner * length + place) * inner + i % inner)] = values[1];
      }
    }
    return Constant.of(offAndOn.floating(), result, shape);
  }

  private static int side(long side) {
    return (int) Math.min(side, Constant.MAX_ELEMENTS);
  }

  private static long[] join(long[] a, long[] b) {
    long[] joined = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }
}
