package io.camjar.weights.onnx.graph.node;

import io.camjar.engine.op.Concat;
import io.camjar.engine.op.Expand;
import io.camjar.engine.op.Pad;
import io.camjar.engine.op.Shape;
import io.camjar.engine.op.Slice;
import io.camjar.weights.onnx.constant.Axes;
import io.camjar.weights.onnx.constant.BroadcastIndices;
import io.camjar.weights.onnx.constant.Constant;
import io.camjar.weights.onnx.constant.SliceBounds;
import io.camjar.weights.onnx.constant.SplitSizes;
import io.camjar.weights.onnx.graph.node.Value.Known;
import io.camjar.weights.onnx.graph.node.Value.Traced;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operations that join tensors, take parts of them, repeat or pad them. */
final class PartNodes {
  /** Elements of a side that are picked one by one. */
  private static final int MAX_PICKED = 256;

  private PartNodes() {}

  static final Map<String, Translator> TABLE =
      Map.of(
          "Concat", single(PartNodes::concat),
          "Expand", single(PartNodes::expand),
          "Slice", single(PartNodes::slice),
          "Split", PartNodes::split,
          "Gather", single(PartNodes::gather),
          "Pad", single(PartNodes::pad));

  private static Translator single(Translator.Single translator) {
    return translator;
  }

  private static Value concat(Call call) {
    List<Traced> parts = new ArrayList<>(call.inputs(call.arity()));
    int axis = Axes.of(call.attributes().integer("axis", 1), parts.get(0).rank());
    if (parts.size() == 1) {
      return parts.get(0);
    }
    Traced like = parts.stream().filter(part -> !part.isFixed(0)).findFirst().orElse(parts.get(0));
    for (int i = 0; i < parts.size(); i++) {
      parts.set(i, forEachImage(call, parts.get(i), like, axis));
    }
    return call.emit(new Concat(axis), parts.toArray(Traced[]::new));
  }

  /** A tensor that is the same for all images, such as a class token, once for each of them. */
  private static Traced forEachImage(Call call, Traced part, Traced like, int axis) {
    boolean once = axis != 0 && part.isFixed(0) && part.shape().side(0) == 1 && !like.isFixed(0);
    if (!once) {
      return part;
    }
    List<Long> sides = new ArrayList<>();
    for (int d = 0; d < part.rank(); d++) {
      sides.add(d == 0 ? 0 : part.shape().side(d));
    }
    return call.before(new Expand(sides), part, like);
  }

  private static Value expand(Call call) {
    Traced x = call.traced(0);
    Known target = call.known(1);
    List<Shape> to = new ArrayList<>();
    for (int probe = 0; probe < call.probes(); probe++) {
      long[] from = x.shapes().get(probe).toArray();
      to.add(Shape.of(BroadcastIndices.shape(from, sides(target, probe, x))));
    }
    if (to.equals(x.shapes())) {
      return x;
    }
    Optional<Traced> like = call.measured(1).filter(value -> value.shapes().equals(to));
    if (like.isPresent() && like.get().rank() == x.rank()) {
      return call.emit(new Expand(Collections.nCopies(x.rank(), 0L)), x, like.get());
    }
    Traced image = call.image();
    List<Long> sides = new ArrayList<>();
    boolean ofBatch = false;
    for (int d = 0; d < to.get(0).rank(); d++) {
      int axis = d;
      long side = to.get(0).side(d);
      if (to.stream().allMatch(shape -> shape.side(axis) == side)) {
        sides.add(side);
      } else if (d == 0) {
        sides.add(0L);
        ofBatch = true;
      } else {
        throw call.refuse("repeats a tensor by as much as the image's size asks for");
      }
    }
    return ofBatch ? call.emit(new Expand(sides), x, image) : call.emit(new Expand(sides), x);
  }

  /** The sides to repeat a tensor to; the batch is its own where the file has it as a number. */
  private static long[] sides(Known target, int probe, Traced x) {
    long[] sides = target.at(probe).integers();
    int batch = sides.length - x.rank();
    boolean stated =
        target.isFixed()
            && x.rank() > 0
            && batch >= 0
            && !x.isFixed(0)
            && sides[batch] == x.shape().side(0);
    if (stated) {
      sides[batch] = 1;
    }
    return sides;
  }

  private static Value slice(Call call) {
    Traced x = call.x();
    for (int i = 1; i < call.arity(); i++) {
      call.optional(i);
    }
    SliceBounds bounds = SliceBounds.of(call.attributes(), call.constantsAt(0), x.rank());
    List<Slice> slices = new ArrayList<>();
    for (int i = 0; i < bounds.axes().length; i++) {
      int axis = bounds.axes()[i];
      long least = x.shapes().stream().mapToLong(shape -> shape.side(axis)).max().orElse(0);
      boolean all = bounds.starts()[i] == 0 && bounds.ends()[i] >= least && bounds.steps()[i] == 1;
      if (!all) {
        slices.add(new Slice(axis, bounds.starts()[i], bounds.ends()[i], bounds.steps()[i]));
      }
    }
    Traced y = x;
    for (int i = 0; i < slices.size(); i++) {
      y = i == slices.size() - 1 ? call.emit(slices.get(i), y) : call.before(slices.get(i), y);
    }
    return y;
  }

  private static List<Value> split(Call call) {
    Traced x = call.x();
    int axis = Axes.of(call.attributes().integer("axis", 0), x.rank());
    if (!x.isFixed(axis)) {
      throw call.refuse("splits a side that changes with the image's size");
    }
    Constant given = call.optional(1).orElse(null);
    long[] sizes = SplitSizes.of(call.attributes(), given, x.shape().side(axis));
    List<Value> parts = new ArrayList<>();
    long begin = 0;
    for (int i = 0; i < sizes.length; i++) {
      long end = begin + sizes[i];
      parts.add(call.below(Integer.toString(i), new Slice(axis, begin, end, 1), x));
      begin = end;
    }
    return parts;
  }

  /** Places of one side, in the order of the indices. */
  private static Value gather(Call call) {
    Traced x = call.x();
    int axis = Axes.of(call.attributes().integer("axis", 0), x.rank());
    Constant indices = call.constant(1);
    if (!x.isFixed(axis) || indices.rank() > 1 || indices.elements() > MAX_PICKED) {
      throw call.refuse("picks places of a side that changes with the image, or many of them");
    }
    int side = x.shape().at(axis);
    int[] places =
        Arrays.stream(indices.integers()).mapToInt(index -> Axes.of(index, side)).toArray();
    if (indices.rank() == 0) {
      Traced one = call.before(new Slice(axis, places[0], places[0] + 1L, 1), x);
      return PlaceNodes.shaped(
          call, one, PlaceNodes.to(one, sides -> Axes.without(sides, new int[] {axis})));
    }
    List<Traced> runs = new ArrayList<>();
    for (int i = 0; i < places.length; ) {
      int begin = i;
      while (++i < places.length && places[i] == places[i - 1] + 1) {
        // The run goes on.
      }
      Slice run = new Slice(axis, places[begin], places[i - 1] + 1L, 1);
      if (begin == 0 && i == places.length) {
        return places.length == side ? x : call.emit(run, x);
      }
      runs.add(call.before(run, x));
    }
    return call.emit(new Concat(axis), runs.toArray(Traced[]::new));
  }

  /** Attributes before opset 11, inputs since; axes can be named since opset 18. */
  private static Value pad(Call call) {
    Traced x = call.x();
    boolean inputs = call.opset() >= 11;
    long[] pads =
        inputs
            ? call.constant(1).integers()
            : call.attributes()
                .integers("pads")
                .map(values -> values.stream().mapToLong(v -> v).toArray())
                .orElse(new long[0]);
    double value =
        inputs
            ? call.optional(2).map(Constant::scalar).orElse(0.0)
            : call.attributes().real("value", 0);
    int[] axes =
        call.optional(3)
            .map(
                named ->
                    Arrays.stream(named.integers())
                        .mapToInt(axis -> Axes.of(axis, x.rank()))
                        .toArray())
            .orElse(Axes.all(x.rank()));
    if (pads.length != 2 * axes.length
        || Arrays.stream(pads).anyMatch(pad -> Math.abs(pad) > 1 << 20)) {
      throw call.refuse("pads by " + Arrays.toString(pads));
    }
    if (Arrays.stream(pads).allMatch(pad -> pad == 0)) {
      return x;
    }
    Long[] before = new Long[x.rank()];
    Long[] after = new Long[x.rank()];
    Arrays.fill(before, 0L);
    Arrays.fill(after, 0L);
    for (int i = 0; i < axes.length; i++) {
      before[axes[i]] = pads[i];
      after[axes[i]] = pads[i + axes.length];
    }
    Pad.Mode mode =
        switch (call.attributes().text("mode", "constant")) {
          case "constant" -> Pad.Mode.CONSTANT;
          case "reflect" -> Pad.Mode.REFLECT;
          case "edge" -> Pad.Mode.EDGE;
          default -> throw call.refuse("pads in the mode " + call.attributes().text("mode", ""));
        };
    return call.emit(new Pad(mode, List.of(before), List.of(after), value), x);
  }
}
