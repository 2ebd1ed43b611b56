package io.camjar.weights.onnx.graph.node;

import io.camjar.engine.op.GroupNorm;
import io.camjar.engine.op.L2Normalize;
import io.camjar.engine.op.LayerNorm;
import io.camjar.engine.op.LocalResponseNorm;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Reshape;
import io.camjar.engine.op.Shape;
import io.camjar.engine.op.Slice;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.constant.Axes;
import io.camjar.weights.onnx.constant.BroadcastIndices;
import io.camjar.weights.onnx.constant.Constant;
import io.camjar.weights.onnx.constant.FoldedPlaces;
import io.camjar.weights.onnx.graph.node.Value.Traced;
import io.camjar.weights.tensor.Shapes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Normalisations by statistics of the image itself, or of its neighbouring channels. */
final class NormNodes {
  private NormNodes() {}

  static final Map<String, Translator> TABLE =
      Map.of(
          "LayerNormalization", single(NormNodes::layer),
          "InstanceNormalization", single(NormNodes::instance),
          "GroupNormalization", single(NormNodes::group),
          "LRN", single(NormNodes::neighbours),
          "LpNormalization", single(NormNodes::length));

  private static Translator single(Translator.Single translator) {
    return translator;
  }

  private static Value layer(Call call) {
    Traced x = call.x();
    int axis = Axes.of(call.attributes().integer("axis", -1), x.rank());
    List<Long> sides = new ArrayList<>();
    for (int d = axis; d < x.rank(); d++) {
      if (!x.isFixed(d)) {
        throw call.refuse("normalises over a side that changes with the image's size");
      }
      sides.add(x.shape().side(d));
    }
    long[] shape = sides.stream().mapToLong(side -> side).toArray();
    if (axis == 0) {
      throw call.refuse("normalises over the batch");
    }
    call.weight("weight", ofRow(call, 1, shape));
    call.weight("bias", call.has(2) ? ofRow(call, 2, shape) : zeros(call, shape));
    return call.emit(new LayerNorm(sides, call.attributes().real("epsilon", 1e-5), true), x);
  }

  /** Weights in the shape of what is normalised, to which NumPy's rule brings smaller ones. */
  private static Constant ofRow(Call call, int index, long[] shape) {
    Constant given = call.constant(index);
    if (given.elements() == Shapes.elements(shape)) {
      return given.reshaped(shape);
    }
    long[] own = withoutOnes(given.shape(), shape.length);
    if (!Arrays.equals(BroadcastIndices.shape(own, shape), shape)) {
      throw call.refuse("has weights of another shape, " + Shapes.toString(own));
    }
    call.make(Shapes.elements(shape));
    return FoldedPlaces.expand(given.reshaped(own), shape);
  }

  /** A shape without the sides of 1 that it has in front of so many sides. */
  private static long[] withoutOnes(long[] shape, int rank) {
    int from = 0;
    while (from < shape.length - rank && shape[from] == 1) {
      from++;
    }
    return Arrays.copyOfRange(shape, from, shape.length);
  }

  private static Constant zeros(Call call, long[] shape) {
    int elements = BroadcastIndices.size(shape);
    call.make(elements);
    return Constant.ofFloats(new double[elements], shape);
  }

  /** Over all places of a channel. */
  private static Value instance(Call call) {
    Traced x = call.x();
    double eps = call.attributes().real("epsilon", 1e-5);
    int channels = channels(call, x);
    call.weight("weight", call.constant(1));
    call.weight("bias", call.constant(2));
    return call.emit(GroupNorm.instance(channels, eps, true), x);
  }

  /** Weights are given a channel since opset 21, before that a group. */
  private static Value group(Call call) {
    Traced x = call.x();
    int channels = channels(call, x);
    long groups = call.attributes().integer("num_groups", 0);
    if (groups < 1 || channels % groups != 0) {
      throw Malformed.damaged(
          "node '%s' has %d groups of %d channels"
              .formatted(call.node().label(), groups, channels));
    }
    call.weight("weight", ofChannels(call, call.constant(1), (int) groups, channels));
    call.weight("bias", ofChannels(call, call.constant(2), (int) groups, channels));
    return call.emit(
        new GroupNorm((int) groups, channels, call.attributes().real("epsilon", 1e-5), true), x);
  }

  /**
   * A group norm as it is written before opset 18: maps laid out as rows, one a group, an instance
   * norm of the rows, and the rows laid out as the maps were. As one operation it takes images of
   * any size, and its values lie on the image.
   *
   * @param to the shapes that the rows are laid out in
   * @return empty if the node's input is something else
   */
  static Optional<Value> grouped(Call call, List<Shape> to) {
    Traced x = call.x();
    Optional<GroupNorm> norm =
        call.origin(x, GroupNorm.class).filter(op -> op.groups() == op.features());
    if (norm.isEmpty() || call.origin(call.operands(x).get(0), Reshape.class).isEmpty()) {
      return Optional.empty();
    }
    Traced rows = call.operands(x).get(0);
    Traced maps = call.operands(rows).get(0);
    int groups = norm.get().groups();
    boolean laidOut = maps.rank() > 2 && rows.rank() == 3 && maps.shapes().equals(to);
    if (!laidOut || !maps.isFixed(1) || maps.shape().side(1) % groups != 0) {
      return Optional.empty();
    }
    for (int probe = 0; probe < call.probes(); probe++) {
      if (rows.shapes().get(probe).side(0) != maps.shapes().get(probe).side(0)) {
        return Optional.empty();
      }
    }
    int channels = maps.shape().at(1);
    call.weight("weight", ofChannels(call, call.weightOf(x, "weight"), groups, channels));
    call.weight("bias", ofChannels(call, call.weightOf(x, "bias"), groups, channels));
    return Optional.of(call.emit(new GroupNorm(groups, channels, norm.get().eps(), true), maps));
  }

  /** The second side, which ONNX calls C. */
  private static int channels(Call call, Traced x) {
    if (x.rank() < 2 || !x.isFixed(1)) {
      throw call.refuse(
          "normalises a tensor of shape %s, which has no fixed number of channels"
              .formatted(x.shape()));
    }
    return x.shape().at(1);
  }

  /** Weights given a channel as they are, those given a group repeated. */
  private static Constant ofChannels(Call call, Constant given, int groups, int channels) {
    if (given.elements() == channels) {
      return given;
    }
    if (given.elements() != groups) {
      throw Malformed.damaged(
          "node '%s' has %d weights for %d groups of %d channels"
              .formatted(call.node().label(), given.elements(), groups, channels));
    }
    call.make(channels);
    double[] values = given.values();
    double[] all = new double[channels];
    Arrays.setAll(all, c -> values[c / (channels / groups)]);
    return Constant.ofFloats(all, channels);
  }

  /**
   * Of an even number of channels ONNX takes one more behind the channel than ahead of it, PyTorch
   * one more ahead: so they are in the other order meanwhile.
   */
  private static Value neighbours(Call call) {
    long size = call.attributes().integer("size", 0);
    if (size < 1 || size > 1 << 16) {
      throw call.refuse("normalises by %d neighbouring channels".formatted(size));
    }
    Op norm =
        new LocalResponseNorm(
            (int) size,
            call.attributes().real("alpha", 1e-4),
            call.attributes().real("beta", 0.75),
            call.attributes().real("bias", 1));
    if (size % 2 == 1) {
      return call.emit(norm, call.x());
    }
    Op turned = new Slice(1, -1, Long.MIN_VALUE / 2, -1);
    return call.emit(turned, call.before(norm, call.before(turned, call.x())));
  }

  private static Value length(Call call) {
    Traced x = call.x();
    if (call.attributes().integer("p", 2) != 2) {
      throw call.refuse("normalises by another length than Euclid's");
    }
    return call.emit(
        new L2Normalize(Axes.of(call.attributes().integer("axis", -1), x.rank()), Float.MIN_NORMAL),
        x);
  }
}
