package io.camjar.weights.onnx.graph;

import io.camjar.engine.op.Shape;
import io.camjar.weights.onnx.constant.FoldedPlaces;
import io.camjar.weights.onnx.graph.Value.Known;
import io.camjar.weights.onnx.graph.Value.Traced;
import java.util.ArrayList;
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

  /** Which side of the output holds the batch although the file has it as a number; or -1. */
  private static int bakedBatch(
      Traced x, long[] first, long[] wanted, int probe, boolean zeroKeeps) {
    Shape base = x.shape();
    Shape here = x.shapes().get(probe);
    int axis = -1;
    for (int d = 0; d < base.rank(); d++) {
      if (base.side(d) != here.side(d)) {
        if (axis >= 0) {
          return -1;
        }
        axis = d;
      }
    }
    if (axis < 0 || probe != 1) {
      return -1;
    }
    long before = 1;
    for (int d = 0; d < axis; d++) {
      before *= base.side(d);
    }
    long passed = 1;
    for (int d = 0; d < first.length; d++) {
      boolean holds = passed == before ? true : passed < before && before < passed * first[d];
      if (holds) {
        boolean open = wanted[d] == -1 || (wanted[d] == 0 && zeroKeeps);
        return open ? -1 : d;
      }
      passed *= first[d];
    }
    return -1;
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

  /** The sides for the engine: 0 keeps a side of the input, -1 takes what is left. */
  List<Long> sides() {
    List<Long> sides = new ArrayList<>();
    Shape base = to.get(0);
    for (int d = 0; d < base.rank(); d++) {
      int axis = d;
      long side = base.side(axis);
      boolean fixed = to.stream().allMatch(shape -> shape.side(axis) == side);
      sides.add(fixed ? side : keeps(axis) ? 0L : -1L);
    }
    return sides;
  }

  private boolean keeps(int axis) {
    for (int probe = 0; probe < from.size(); probe++) {
      Shape in = from.get(probe);
      if (axis >= in.rank() || in.side(axis) != to.get(probe).side(axis)) {
        return false;
      }
    }
    return true;
  }
}
