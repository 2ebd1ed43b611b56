package io.camjar.weights.onnx.graph.node;

import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.AdaptiveMaxPool2d;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Pointwise;
import io.camjar.engine.op.Power;
import io.camjar.engine.op.Reduce;
import io.camjar.weights.onnx.constant.Axes;
import io.camjar.weights.onnx.constant.Constant;
import io.camjar.weights.onnx.graph.node.Value.Traced;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Means, sums and maxima over some sides. */
final class ReductionNodes {
  private static final int[] PLACES = {2, 3};

  private ReductionNodes() {}

  static final Map<String, Translator> TABLE =
      Map.of(
          "ReduceMean", single(call -> reduce(call, Reduce.Kind.MEAN)),
          "ReduceMax", single(call -> reduce(call, Reduce.Kind.MAX)),
          "ReduceSum", single(call -> reduce(call, Reduce.Kind.SUM)),
          "ReduceL2", single(ReductionNodes::length));

  private static Translator single(Translator.Single translator) {
    return translator;
  }

  private static Value reduce(Call call, Reduce.Kind kind) {
    Traced x = call.x();
    Optional<int[]> axes = axes(call, x.rank());
    if (axes.isEmpty()) {
      return x;
    }
    boolean keep = call.attributes().flag("keepdims", true);
    if (x.rank() == 4 && Arrays.equals(axes.get(), PLACES) && kind != Reduce.Kind.SUM) {
      Op pool = kind == Reduce.Kind.MEAN ? new AdaptiveAvgPool2d() : new AdaptiveMaxPool2d();
      return keep ? call.emit(pool, x) : call.emit(new Flatten(), call.before(pool, x));
    }
    return call.emit(new Reduce(kind, listed(axes.get()), keep), x);
  }

  private static Value length(Call call) {
    Traced x = call.x();
    int[] axes = axes(call, x.rank()).orElse(Axes.all(x.rank()));
    boolean keep = call.attributes().flag("keepdims", true);
    Traced squares = call.before(new Power(2), x);
    Traced sum = call.before(new Reduce(Reduce.Kind.SUM, listed(axes), keep), squares);
    return call.emit(new Pointwise(Pointwise.Function.SQRT), sum);
  }

  private static List<Integer> listed(int[] axes) {
    return Arrays.stream(axes).boxed().toList();
  }

  /**
   * The sides: an attribute, or an input since opset 18, for sums since 13. All if none are named;
   * empty if then nothing is to be done.
   */
  private static Optional<int[]> axes(Call call, int rank) {
    long[] given =
        call.optional(1)
            .map(Constant::integers)
            .or(
                () ->
                    call.attributes()
                        .integers("axes")
                        .map(axes -> axes.stream().mapToLong(axis -> axis).toArray()))
            .orElse(new long[0]);
    if (given.length == 0) {
      return call.attributes().flag("noop_with_empty_axes", false)
          ? Optional.empty()
          : Optional.of(Axes.all(rank));
    }
    return Optional.of(Axes.of(given, rank));
  }
}
