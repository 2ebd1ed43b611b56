package io.camjar.weights.onnx.graph;

import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.AdaptiveMaxPool2d;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Op;
import io.camjar.weights.onnx.constant.Axes;
import io.camjar.weights.onnx.constant.Constant;
import io.camjar.weights.onnx.graph.Value.Traced;
import java.util.Arrays;
import java.util.Map;

/** Means, sums and maxima over some dimensions. */
final class ReductionNodes {
  private ReductionNodes() {}

  static final Map<String, Translator> TABLE =
      Map.of(
          "ReduceMean", single(call -> reduce(call, new AdaptiveAvgPool2d())),
          "ReduceMax", single(call -> reduce(call, new AdaptiveMaxPool2d())));

  private static Translator single(Translator.Single translator) {
    return translator;
  }

  private static Value reduce(Call call, Op pool) {
    Traced x = call.x();
    int[] axes = axes(call, x.rank());
    boolean keep = call.attributes().flag("keepdims", true);
    if (x.rank() == 4 && Arrays.equals(axes, new int[] {2, 3})) {
      return keep ? call.emit(pool, x) : call.emit(new Flatten(), call.before(pool, x));
    }
    throw call.refuse("reduces the dimensions " + Arrays.toString(axes));
  }

  private static int[] axes(Call call, int rank) {
    long[] given =
        call.optional(1)
            .map(Constant::integers)
            .or(
                () ->
                    call.attributes()
                        .integers("axes")
                        .map(axes -> axes.stream().mapToLong(axis -> axis).toArray()))
            .orElse(new long[0]);
    return given.length == 0 ? Axes.all(rank) : Axes.of(given, rank);
  }
}
