package io.camjar.weights.onnx.graph.node;

import io.camjar.engine.op.Add;
import io.camjar.engine.op.Clip;
import io.camjar.engine.op.Div;
import io.camjar.engine.op.Expand;
import io.camjar.engine.op.Maximum;
import io.camjar.engine.op.Minimum;
import io.camjar.engine.op.Mul;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Pointwise;
import io.camjar.engine.op.Power;
import io.camjar.engine.op.Scale;
import io.camjar.engine.op.Sub;
import io.camjar.weights.onnx.constant.Constant;
import io.camjar.weights.onnx.graph.node.Value.Traced;
import java.util.List;
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
          Map.entry("Sum", single(call -> all(call, new Add()))),
          Map.entry("Mean", single(ArithmeticNodes::mean)),
          Map.entry("Pow", single(ArithmeticNodes::power)),
          Map.entry("Min", single(call -> limit(call, true))),
          Map.entry("Max", single(call -> limit(call, false))));

  private static Map.Entry<String, Translator> entry(String name, Op op) {
    return Map.entry(name, single(call -> pair(call, op)));
  }

  private static Translator single(Translator.Single translator) {
    return translator;
  }

  /** What is repeated to the other's shape goes as it was: operations repeat by themselves. */
  static Value pair(Call call, Op op) {
    List<Traced> both = call.inputs(2);
    Traced a = both.get(0);
    Traced b = both.get(1);
    Traced first = unrepeated(call, a, b);
    // One of the two keeps the shape of both.
    return call.emit(op, first, first == a ? unrepeated(call, b, a) : b);
  }

  private static Traced unrepeated(Call call, Traced value, Traced other) {
    return call.origin(value, Expand.class).isPresent() && value.shapes().equals(other.shapes())
        ? call.operands(value).get(0)
        : value;
  }

  /** A local response norm that is written out is one again. */
  private static Value quotient(Call call) {
    return ResponseNorms.writtenOut(call).orElseGet(() -> pair(call, new Div()));
  }

  /** One operation on all inputs, from the first to the last. */
  private static Traced all(Call call, Op op) {
    List<Traced> inputs = call.inputs(call.arity());
    Traced result = inputs.get(0);
    for (int i = 1; i < inputs.size(); i++) {
      Traced next = inputs.get(i);
      boolean last = i == inputs.size() - 1;
      result = last ? call.emit(op, result, next) : call.before(op, result, next);
    }
    return result;
  }

  private static Value mean(Call call) {
    List<Traced> inputs = call.inputs(call.arity());
    Traced sum = inputs.get(0);
    for (Traced next : inputs.subList(1, inputs.size())) {
      sum = call.before(new Add(), sum, next);
    }
    return call.arity() == 1 ? sum : call.emit(new Scale(1.0 / call.arity()), sum);
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

  /** The smaller or larger of several tensors; of one and a number it is a limit. */
  private static Value limit(Call call, boolean upper) {
    int traced = call.isTraced(0) ? 0 : 1;
    boolean pair = call.arity() == 2 && !call.isTraced(1 - traced);
    if (!pair || call.constant(1 - traced).elements() != 1) {
      return all(call, upper ? new Minimum() : new Maximum());
    }
    double value = call.constant(1 - traced).scalar();
    return call.emit(
        upper
            ? new Clip(Double.NEGATIVE_INFINITY, value)
            : new Clip(value, Double.POSITIVE_INFINITY),
        call.traced(traced));
  }
}
