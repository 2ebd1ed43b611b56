package io.camjar.weights.onnx.constant;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.Shapes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Constants whose elements are moved, chosen or repeated. */
public final class FoldedPlaces {
  private FoldedPlaces() {}

  /**
   * The shape that {@code Reshape} gives: 0 keeps a side of the input, -1 takes what is left.
   *
   * @param zeroKeeps false if 0 means an empty side ({@code allowzero})
   */
  public static long[] reshaped(long[] shape, long[] target, boolean zeroKeeps) {
    long[] result = target.clone();
    long known = 1;
    int open = -1;
    for (int d = 0; d < result.length; d++) {
      if (result[d] == 0 && zeroKeeps && d < shape.length) {
        result[d] = shape[d];
      }
      if (result[d] == -1 && open < 0) {
        open = d;
      } else if (result[d] < 0) {
        throw Malformed.damaged("a tensor is to be reshaped to " + Shapes.toString(target));
      } else {
        known = multiply(known, result[d]);
      }
    }
    long elements = Shapes.elements(shape);
    if (open >= 0) {
      if (known == 0 || elements % known != 0) {
        throw mismatch(shape, target);
      }
      result[open] = elements / known;
    } else if (known != elements) {
      throw mismatch(shape, target);
    }
    return result;
  }

  private static long multiply(long a, long b) {
    try {
      return Math.multiplyExact(a, b);
    } catch (ArithmeticException e) {
      throw new Malformed("has a shape beyond 64 bits", Malformed.FETCH_AGAIN, e);
    }
  }

  private static Malformed mismatch(long[] shape, long[] target) {
    return new Malformed(
        "gives a tensor of shape %s the shape %s, which has not as many elements"
            .formatted(Shapes.toString(shape), Shapes.toString(target)),
        "export it from a batch of one image, whose number may be a constant of the file");
  }

  /** The parts one behind the other along an axis; in all others their sides are equal. */
  public static Constant concat(List<Constant> parts, int axis) {
    long[] shape = parts.get(0).shape();
    shape[axis] = 0;
    for (Constant part : parts) {
      if (part.rank() != shape.length) {
        throw Malformed.damaged("tensors of different ranks are joined");
      }
      shape[axis] += part.shape()[axis];
    }
    double[] result = new double[BroadcastIndices.size(shape)];
    int outer = 1;
    for (int d = 0; d < axis; d++) {
      outer *= (int) shape[d];
    }
    int row = outer == 0 ? 0 : result.length / outer;
    int begin = 0;
    for (Constant part : parts) {
      double[] values = part.values();
      int run = outer == 0 ? 0 : values.length / outer;
      if (begin + run > row) {
        throw Malformed.damaged("tensors that do not fit are joined");
      }
      for (int i = 0; i < outer; i++) {
        System.arraycopy(values, i * run, result, i * row + begin, run);
      }
      begin += run;
    }
    return Constant.of(parts.get(0).floating(), result, shape);
  }

  /** Elements at some indices of one axis, in that order; the shape of the indices replaces it. */
  public static Constant gather(Constant x, int axis, Constant indices) {
    long[] all = indices.integers();
    int[] chosen = new int[all.length];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = Axes.of(all[i], Math.toIntExact(Math.min(x.shape()[axis], 1 << 30)));
    }
    Constant picked = picked(x, axis, chosen);
    List<Long> shape = new ArrayList<>();
    for (int d = 0; d < x.rank(); d++) {
      if (d != axis) {
        shape.add(x.shape()[d]);
      } else {
        Arrays.stream(indices.shape()).forEach(shape::add);
      }
    }
    return picked.reshaped(shape.stream().mapToLong(side -> side).toArray());
  }

  /**
   * Some places of one axis, in that order. Places that are equally far apart, as a slice's, are a
   * view that reads nothing. Others are read run by run, each run such a view or one place
   * repeated, so that no more is read than is taken; a run that goes backwards is read forwards.
   */
  public static Constant picked(Constant x, int axis, int[] places) {
    if (places.length > 0 && runEnd(places, 0) == places.length && step(places, 0) > 0) {
      return x.along(axis, places[0], places.length, step(places, 0));
    }
    long[] shape = x.shape();
    shape[axis] = places.length;
    double[] result = new double[BroadcastIndices.size(shape)];
    int inner = 1;
    for (int d = axis + 1; d < shape.length; d++) {
      inner *= (int) shape[d];
    }
    int row = inner * places.length;
    int end;
    for (int begin = 0; begin < places.length && result.length > 0; begin = end) {
      end = runEnd(places, begin);
      int step = step(places, begin);
      int count = step == 0 ? 1 : end - begin;
      int lowest = step < 0 ? places[end - 1] : places[begin];
      double[] run = x.along(axis, lowest, count, Math.max(Math.abs(step), 1)).values();
      for (int i = 0; i < result.length / row; i++) {
        for (int j = begin; j < end; j++) {
          int from = i * count + (step == 0 ? 0 : step < 0 ? end - 1 - j : j - begin);
          System.arraycopy(run, from * inner, result, i * row + j * inner, inner);
        }
      }
    }
    return Constant.of(x.floating(), result, shape);
  }

  /** Where the places from {@code begin} on cease to be equally far apart. */
  private static int runEnd(int[] places, int begin) {
    int step = step(places, begin);
    int end = begin + 1;
    while (end < places.length && places[end] - places[end - 1] == step) {
      end++;
    }
    return end;
  }

  /** How far the next place is behind one; 1 for the last. */
  private static int step(int[] places, int at) {
    return at + 1 < places.length ? places[at + 1] - places[at] : 1;
  }

  /** The places of one axis that a slice takes. */
  public static int[] slice(long side, long start, long end, long step) {
    if (step == 0) {
      throw Malformed.damaged("a slice has the step 0");
    }
    long last = step > 0 ? side : side - 1;
    long from = bound(start < 0 ? start + side : start, 0, last);
    long to = bound(end < 0 ? end + side : end, step > 0 ? 0 : -1, last);
    long by = bound(step, -side - 1, side + 1);
    long count = Math.max(0, by > 0 ? (to - from + by - 1) / by : (from - to - by - 1) / -by);
    int[] places = new int[BroadcastIndices.size(new long[] {count})];
    for (int i = 0; i < places.length; i++) {
      places[i] = (int) (from + i * by);
    }
    return places;
  }

  private static long bound(long value, long low, long high) {
    return Math.max(low, Math.min(high, value));
  }

  /** The values repeated along sides of 1 to a shape, by the rules of broadcasting. */
  public static Constant expand(Constant x, long[] target) {
    long[] shape = BroadcastIndices.shape(x.shape(), target);
    int[] places = BroadcastIndices.places(x.shape(), shape);
    double[] values = x.values();
    return Constant.of(
        x.floating(), Arrays.stream(places).mapToDouble(place -> values[place]).toArray(), shape);
  }

  /** The whole repeated along each axis. */
  public static Constant tile(Constant x, long[] repeats) {
    Constant result = x;
    for (int axis = 0; axis < Math.min(repeats.length, x.rank()); axis++) {
      int side = BroadcastIndices.size(new long[] {x.shape()[axis]});
      int[] places = new int[BroadcastIndices.size(new long[] {side, Math.max(0, repeats[axis])})];
      for (int i = 0; i < places.length; i++) {
        places[i] = i % side;
      }
      result = picked(result, axis, places);
    }
    return result;
  }

  /**
   * Numbers from a start, a step apart, up to a limit that is not among them; of the type of the
   * start.
   */
  public static Constant range(Constant start, Constant limit, Constant step) {
    double count = Math.ceil((limit.scalar() - start.scalar()) / step.scalar());
    long many = Double.isNaN(count) ? Long.MAX_VALUE : (long) Math.max(0, count);
    double[] values = new double[BroadcastIndices.size(new long[] {many})];
    for (int i = 0; i < values.length; i++) {
      values[i] = start.scalar() + i * step.scalar();
    }
    return Constant.of(start.floating(), values, values.length);
  }
}
