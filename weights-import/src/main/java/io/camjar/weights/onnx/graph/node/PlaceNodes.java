package io.camjar.weights.onnx.graph.node;

import io.camjar.engine.op.Compare;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Pointwise;
import io.camjar.engine.op.Reshape;
import io.camjar.engine.op.Shape;
import io.camjar.engine.op.Transpose;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.constant.Attributes;
import io.camjar.weights.onnx.constant.Axes;
import io.camjar.weights.onnx.constant.Constant;
import io.camjar.weights.onnx.constant.Folding;
import io.camjar.weights.onnx.graph.node.Value.Traced;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operations that give values other places or another shape and leave them as they are. */
final class PlaceNodes {
  /** ONNX's number of the type of truth values. */
  static final int TRUTH = 9;

  private PlaceNodes() {}

  static final Map<String, Translator> TABLE =
      Map.ofEntries(
          Map.entry("Identity", single(Call::x)),
          Map.entry("Dropout", single(PlaceNodes::dropout)),
          Map.entry("Cast", single(PlaceNodes::cast)),
          Map.entry("CastLike", single(PlaceNodes::castLike)),
          Map.entry("Flatten", single(PlaceNodes::flatten)),
          Map.entry("Reshape", single(PlaceNodes::reshape)),
          Map.entry("Squeeze", single(PlaceNodes::squeeze)),
          Map.entry("Unsqueeze", single(PlaceNodes::unsqueeze)),
          Map.entry("Transpose", single(PlaceNodes::transpose)));

  private static Translator single(Translator.Single translator) {
    return translator;
  }

  /** Nothing but in training. */
  private static Value dropout(Call call) {
    call.optional(1);
    call.optional(2);
    if (Folding.drops(call.constantsAt(0))) {
      throw call.refuse("drops values at random, as in training");
    }
    return call.x();
  }

  /** Truths are numbers too, of any type; every number but 0 is true. */
  private static Value cast(Call call) {
    Traced x = call.x();
    long to = call.attributes().integer("to", 1);
    if (isTruth(call, x) || Folding.isFloating(to)) {
      return x;
    }
    if (to != TRUTH) {
      throw call.refuse("turns features into another type than floats");
    }
    Op not = new Pointwise(Pointwise.Function.NOT);
    return call.emit(not, call.before(not, x));
  }

  /** To the type of the second input. */
  private static Value castLike(Call call) {
    Traced x = call.x();
    boolean toTruths = call.isTraced(1) && isTruth(call, call.traced(1));
    boolean toFloats = !toTruths && !call.isOfIntegers(1);
    if (!toFloats && !isTruth(call, x)) {
      throw call.refuse("turns features into another type than floats");
    }
    return x;
  }

  private static boolean isTruth(Call call, Traced x) {
    boolean not =
        call.origin(x, Pointwise.class)
            .filter(op -> op.function() == Pointwise.Function.NOT)
            .isPresent();
    return not || call.origin(x, Compare.class).isPresent();
  }

  private static Value flatten(Call call) {
    Traced x = call.x();
    long given = call.attributes().integer("axis", 1);
    // The rank itself is allowed; what is negative counts from the rank, not from behind it.
    int axis = given == x.rank() ? x.rank() : Axes.of(given, x.rank());
    return shaped(
        call,
        to(
            x,
            sides -> {
              long rows = 1;
              long columns = 1;
              for (int d = 0; d < sides.length; d++) {
                if (d < axis) {
                  rows *= sides[d];
                } else {
                  columns *= sides[d];
                }
              }
              return new long[] {rows, columns};
            }));
  }

  private static Value reshape(Call call) {
    ReshapedSides sides = ReshapedSides.of(call, call.x());
    return NormNodes.grouped(call, sides.to())
        .or(() -> PixelNodes.writtenOut(call, sides.to()))
        .orElseGet(() -> shaped(call, sides));
  }

  private static Value squeeze(Call call) {
    Optional<long[]> axes = axes(call);
    return shaped(call, to(call.x(), sides -> Folding.squeezed(call.attributes(), sides, axes)));
  }

  private static Value unsqueeze(Call call) {
    long[] axes =
        axes(call)
            .orElseThrow(
                () -> Malformed.damaged("node '" + call.node().label() + "' names no axes"));
    return shaped(
        call, to(call.x(), sides -> Axes.with(sides, Axes.of(axes, sides.length + axes.length))));
  }

  private static Optional<long[]> axes(Call call) {
    return call.optional(1)
        .map(Constant::integers)
        .or(
            () ->
                call.attributes()
                    .integers("axes")
                    .map(axes -> axes.stream().mapToLong(axis -> axis).toArray()));
  }

  /** A rule that gives a shape its new sides. */
  interface Rule {
    long[] sides(long[] from);
  }

  static ReshapedSides to(Traced x, Rule rule) {
    List<Shape> to = new ArrayList<>();
    x.shapes().forEach(shape -> to.add(Shape.of(rule.sides(shape.toArray()))));
    return new ReshapedSides(x.shapes(), to);
  }

  /** The node's input in another shape. */
  static Value shaped(Call call, ReshapedSides sides) {
    return shaped(call, call.x(), sides);
  }

  /** A value in another shape, as the node's own; the shape that it had before is no new one. */
  static Value shaped(Call call, Traced x, ReshapedSides sides) {
    if (sides.isIdentity()) {
      return x;
    }
    if (call.origin(x, Reshape.class).isPresent()) {
      Traced before = call.operands(x).get(0);
      if (before.shapes().equals(sides.to())) {
        return before;
      }
    }
    if (sides.flattens()) {
      return call.emit(new Flatten(), x);
    }
    List<Long> wanted = sides.sides();
    if (Collections.frequency(wanted, -1L) < 2) {
      return call.emit(new Reshape(wanted), x);
    }
    List<List<Long>> parts = sides.parts();
    if (parts.isEmpty()) {
      throw call.refuse("gives more than one side by the image's size, " + wanted);
    }
    Traced y = x;
    for (int i = 0; i < parts.size(); i++) {
      Reshape part = new Reshape(parts.get(i));
      y = i == parts.size() - 1 ? call.emit(part, y) : call.before(part, y);
    }
    return y;
  }

  /** Sides in another order; two transpositions in a row become one, or none. */
  private static Value transpose(Call call) {
    Traced x = call.x();
    List<Integer> order = order(call.attributes(), x.rank());
    Optional<Transpose> before = call.origin(x, Transpose.class);
    if (before.isPresent()) {
      List<Integer> first = before.get().permutation();
      order = order.stream().map(first::get).toList();
      x = call.operands(x).get(0);
    }
    return isInOrder(order) ? x : call.emit(new Transpose(order), x);
  }

  private static boolean isInOrder(List<Integer> order) {
    for (int d = 0; d < order.size(); d++) {
      if (order.get(d) != d) {
        return false;
      }
    }
    return true;
  }

  private static List<Integer> order(Attributes node, int rank) {
    List<Integer> order = new ArrayList<>();
    Optional<List<Long>> given = node.integers("perm");
    for (int d = 0; d < rank; d++) {
      order.add(rank - 1 - d);
    }
    if (given.isPresent()) {
      order = given.get().stream().map(axis -> Axes.of(axis, rank)).toList();
      boolean all = order.size() == rank && order.stream().distinct().count() == rank;
      if (!all) {
        throw Malformed.damaged(
            "node '%s' orders %d dimensions as %s"
                .formatted(node.node().label(), rank, given.get()));
      }
    }
    return order;
  }
}
