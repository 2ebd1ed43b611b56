package io.camjar.weights.onnx.graph.node;

import io.camjar.engine.op.Add;
import io.camjar.engine.op.Clip;
import io.camjar.engine.op.Div;
import io.camjar.engine.op.Mul;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Pointwise;
import io.camjar.engine.op.Power;
import io.camjar.engine.op.Sub;
import io.camjar.weights.onnx.constant.Constant;
import io.camjar.weights.onnx.graph.node.Value.Traced;
import java.util.Map;

/** Sums, products and their like of two tensors, which NumPy's rule brings to one shape. */
final class ArithmeticNodes {
  private ArithmeticNodes() {}

  static final Map<String, Translator> TABLE =
      Map.ofEntries(
          entry("Add", new Add()),
          entry("Sub", new Sub()),
          entry("Mul", new Mul()),
          Map.entry("Div", single(ArithmeticNodes::quotient)),
          Map.entry("Sum", single(ArithmeticNodes::sum)),
          Map.entry("Pow", single(ArithmeticNodes::power)),
          Map.entry("Min", single(call -> limit(call, true))),
          Map.entry("Max", single(call -> limit(call, false))));

  private static Map.Entry<String, Translator> entry(String name, Op op) {
    return Map.entry(name, single(call -> call.emit(op, call.traced(0), call.traced(1))));
  }

  private static Translator single(Translator.Single translator) {
    return translator;
  }

  /** A local response norm that is written out is one again. */
  private static Value quotient(Call call) {
    return ResponseNorms.writtenOut(call)
        .orElseGet(() -> call.emit(new Div(), call.traced(0), call.traced(1)));
  }

  private static Value sum(Call call) {
    Traced sum = call.traced(0);
    for (int i = 1; i < call.arity(); i++) {
      Traced next = call.traced(i);
      boolean last = i == call.arity() - 1;
      sum = last ? call.emit(new Add(), sum, next) : call.before(new Add(), sum, next);
    }
    return sum;
  }

  private static Value power(Call call) {
    Constant exponent = call.constant(1);
    if (!call.isTraced(0) || exponent.elements() != 1) {
      throw call.refuse("has another exponent than one number");
    }
    double power = exponent.scalar();
    if (power == 1) {
      return call.x();
    }
    return call.emit(
        power == 0.5 ? new Pointwise(Pointwise.Function.SQRT) : new Power(power), call.x());
  }

  /** The smaller or larger of a tensor and one number. */
  private static Value limit(Call call, boolean upper) {
    int traced = call.isTraced(0) ? 0 : 1;
    if (call.arity() != 2 || !call.isTraced(traced) || call.isTraced(1 - traced)) {
      throw call.refuse("compares two tensors of the image");
    }
    Constant bound = call.constant(1 - traced);
    if (bound.elements() != 1) {
      throw call.refuse("compares with more than one number");
    }
    double value = bound.scalar();
    return call.emit(
        upper
            ? new Clip(Double.NEGATIVE_INFINITY, value)
            : new Clip(value, Double.POSITIVE_INFINITY),
        call.traced(traced));
  }
}
