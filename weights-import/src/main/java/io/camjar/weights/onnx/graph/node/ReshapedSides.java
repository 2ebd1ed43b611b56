package io.camjar.weights.onnx.graph.node;

import io.camjar.engine.op.Reshape;
import io.camjar.engine.op.Shape;
import io.camjar.weights.onnx.constant.FoldedPlaces;
import io.camjar.weights.onnx.graph.node.Value.Known;
import io.camjar.weights.onnx.graph.node.Value.Traced;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A new shape for a tensor whose batch, and maybe height and width, are open.
 *
 * <p>An exporter that has seen one batch writes its size down, {@code [1, -1]} for a flattening.
 * Which side stood for the batch is found by where the batch lies in the input: the side of the
 * output that begins at the same element.
 *
 * @param from shapes of the input at each probe
 * @param to shapes of the output at each probe
 */
record ReshapedSides(List<Shape> from, List<Shape> to) {

  static ReshapedSides of(Call call, Traced x) {
    boolean zeroKeeps = !call.attributes().flag("allowzero", false);
    Known target = call.known(1);
    return of(call, x, target, zeroKeeps);
  }

  private static ReshapedSides of(Call call, Traced x, Known target, boolean zeroKeeps) {
    long[] first = FoldedPlaces.reshaped(x.shape().toArray(), target.at(0).integers(), zeroKeeps);
    List<Shape> to = new ArrayList<>();
    for (int probe = 0; probe < call.probes(); probe++) {
      long[] from = x.shapes().get(probe).toArray();
      long[] wanted = target.at(probe).integers();
      int batch = target.isFixed() ? bakedBatch(x, first, wanted, probe, zeroKeeps) : -1;
      if (batch >= 0) {
        wanted = first.clone();
        wanted[batch] = -1;
      }
      to.add(Shape.of(FoldedPlaces.reshaped(from, wanted, zeroKeeps && batch < 0)));
    }
    return new ReshapedSides(x.shapes(), to);
  }

  /**
   * Which side of the output holds the batch although the file has it as a number; or -1.
   *
   * <p>Where the batch is a side of its own it stays one. Where it is not, it was merged into the
   * side before it if the sides behind it were left together, as a linear layer flattens tokens,
   * and into the one behind it if they were divided, as attention gives each head a row.
   */
  private static int bakedBatch(
      Traced x, long[] first, long[] wanted, int probe, boolean zeroKeeps) {
    int axis = probe == 1 ? batchAxis(x) : -1;
    if (axis < 0) {
      return -1;
    }
    Shape base = x.shape();
    long images = images(base.side(axis), x.shapes().get(1).side(axis));
    long before = 1;
    for (int d = 0; d < axis; d++) {
      before *= base.side(d);
    }
    int own = ownSide(first, images, before, before * base.side(axis));
    if (own >= 0) {
      return stated(wanted, own, zeroKeeps);
    }
    long passed = 1;
    for (int d = 0; d < first.length; d++) {
      if (passed == before) {
        int behind = base.rank() - axis - (base.side(axis) > images ? 0 : 1);
        boolean merged = d > 0 && first.length - d <= behind;
        return stated(wanted, merged ? d - 1 : d, zeroKeeps);
      }
      if (passed < before && before < passed * first[d]) {
        return stated(wanted, d, zeroKeeps);
      }
      passed *= first[d];
    }
    return before == passed && first.length > 0 ? stated(wanted, first.length - 1, zeroKeeps) : -1;
  }

  /** The first probe's images, by how a side grows that has so many places for each; else 1. */
  private static long images(long side, long ofMore) {
    long places = (ofMore - side) / Probe.MORE_IMAGES;
    return places > 0 && side % places == 0 ? side / places : 1;
  }

  /** A side as long as the batch that begins somewhere in the input's side; -1 if there is none. */
  private static int ownSide(long[] first, long images, long begin, long end) {
    long passed = 1;
    for (int d = 0; d < first.length; d++) {
      if (first[d] == images && passed >= begin && passed <= end) {
        return d;
      }
      passed *= first[d];
    }
    return -1;
  }

  /** A side that the file has as a number; -1 if it is left open. */
  private static int stated(long[] wanted, int d, boolean zeroKeeps) {
    return wanted[d] == -1 || (wanted[d] == 0 && zeroKeeps) ? -1 : d;
  }

  /** The only side that grows with the batch; -1 if there is another number of them. */
  private static int batchAxis(Traced x) {
    int axis = -1;
    for (int d = 0; d < x.rank(); d++) {
      if (x.shape().side(d) != x.shapes().get(1).side(d)) {
        if (axis >= 0) {
          return -1;
        }
        axis = d;
      }
    }
    return axis;
  }

  boolean isIdentity() {
    return from.equals(to);
  }

  /** Whether each image becomes one row. */
  boolean flattens() {
    for (int probe = 0; probe < from.size(); probe++) {
      Shape shape = to.get(probe);
      if (shape.rank() != 2 || shape.side(0) != from.get(probe).side(0)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The sides for the engine: 0 keeps a side of the input, -1 takes what is left. Where more than
   * one would take what is left, as where rows and columns move to other places, each is the side
   * of the input that it is equal to at every probe.
   */
  List<Long> sides() {
    List<Long> sides = new ArrayList<>();
    Shape base = to.get(0);
    for (int d = 0; d < base.rank(); d++) {
      int axis = d;
      long side = base.side(axis);
      boolean fixed = to.stream().allMatch(shape -> shape.side(axis) == side);
      sides.add(fixed ? side : same(axis, axis) ? 0L : -1L);
    }
    if (Collections.frequency(sides, -1L) > 1) {
      for (int d = 0; d < base.rank(); d++) {
        sides.set(d, sides.get(d) == -1 ? moved(d) : sides.get(d));
      }
    }
    return sides;
  }

  /**
   * The same in several steps, each of which changes one run of sides, where each run has one open
   * side at most: rows that are divided into blocks, then columns. Every step lists all its sides.
   * Empty if there is no such way.
   */
  List<List<Long>> parts() {
    List<List<Long>> parts = new ArrayList<>();
    int in = from.get(0).rank();
    int out = to.get(0).rank();
    int done = 0;
    // From the last run to the first, so that the sides before a run are still the input's own.
    while (in > 0 || out > 0) {
      int endIn = in;
      int endOut = out;
      do {
        boolean shorter = length(from.get(0), in, endIn) <= length(to.get(0), out, endOut);
        if (out == 0 || (in > 0 && shorter)) {
          in--;
        } else {
          out--;
        }
      } while ((in > 0 || out > 0) && !alike(in, endIn, out, endOut));
      List<Long> run = run(out, endOut);
      if (!alike(in, endIn, out, endOut) || Collections.frequency(run, -1L) > 1) {
        return List.of();
      }
      List<Long> step = new ArrayList<>(Collections.nCopies(in, 0L));
      step.addAll(run);
      for (int d = 0; d < done; d++) {
        step.add(Reshape.axis(endIn + d));
      }
      done += run.size();
      if (endIn - in != 1 || run.size() != 1) {
        parts.add(step);
      }
    }
    return parts;
  }

  /** Whether some sides of the input and some of the output have as many places at every probe. */
  private boolean alike(int in, int endIn, int out, int endOut) {
    for (int probe = 0; probe < from.size(); probe++) {
      if (length(from.get(probe), in, endIn) != length(to.get(probe), out, endOut)) {
        return false;
      }
    }
    return true;
  }

  private static long length(Shape shape, int from, int to) {
    long product = 1;
    for (int d = from; d < to; d++) {
      product *= shape.side(d);
    }
    return product;
  }

  /** Sides of the output, -1 where they are open. */
  private List<Long> run(int first, int end) {
    List<Long> run = new ArrayList<>();
    for (int d = first; d < end; d++) {
      int axis = d;
      long side = to.get(0).side(axis);
      run.add(to.stream().allMatch(shape -> shape.side(axis) == side) ? side : -1L);
    }
    return run;
  }

  /** The side of the input that a side of the output is; -1 if it is none or could be several. */
  private long moved(int d) {
    long found = -1;
    for (int axis = 0; axis < from.get(0).rank(); axis++) {
      if (same(axis, d)) {
        if (found != -1) {
          return -1;
        }
        found = Reshape.axis(axis);
      }
    }
    return found;
  }

  /** Whether a side of the input and one of the output are the same at every probe. */
  private boolean same(int in, int out) {
    for (int probe = 0; probe < from.size(); probe++) {
      Shape shape = from.get(probe);
      if (in >= shape.rank() || shape.side(in) != to.get(probe).side(out)) {
        return false;
      }
    }
    return true;
  }
}
