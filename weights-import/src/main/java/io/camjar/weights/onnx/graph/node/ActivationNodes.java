package io.camjar.weights.onnx.graph.node;

import io.camjar.engine.op.CELU;
import io.camjar.engine.op.Clip;
import io.camjar.engine.op.ELU;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.GELU;
import io.camjar.engine.op.Hardsigmoid;
import io.camjar.engine.op.Hardswish;
import io.camjar.engine.op.LeakyReLU;
import io.camjar.engine.op.LogSoftmax;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.PReLU;
import io.camjar.engine.op.Pointwise;
import io.camjar.engine.op.Pointwise.Function;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.op.Reshape;
import io.camjar.engine.op.SELU;
import io.camjar.engine.op.Shrink;
import io.camjar.engine.op.Sigmoid;
import io.camjar.engine.op.Softmax;
import io.camjar.engine.op.Tanh;
import io.camjar.engine.op.Threshold;
import io.camjar.weights.onnx.constant.Attributes;
import io.camjar.weights.onnx.constant.Axes;
import io.camjar.weights.onnx.constant.Constant;
import io.camjar.weights.onnx.graph.node.Value.Traced;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** Functions of single values, and softmax. */
final class ActivationNodes {
  private ActivationNodes() {}

  static final Map<String, Translator> TABLE =
      Map.ofEntries(
          entry("Relu", node -> new ReLU()),
          entry("Sigmoid", node -> new Sigmoid()),
          entry("Tanh", node -> new Tanh()),
          entry("HardSwish", node -> new Hardswish()),
          entry(
              "HardSigmoid",
              node -> new Hardsigmoid(node.real("alpha", 0.2), node.real("beta", 0.5))),
          entry("LeakyRelu", node -> new LeakyReLU(node.real("alpha", 0.01))),
          entry("Elu", node -> new ELU(node.real("alpha", 1))),
          entry(
              "Selu",
              node ->
                  // The paper's coefficients in single precision, as ONNX gives them.
                  new SELU(
                      node.real("alpha", 1.67326319217681884765625),
                      node.real("gamma", 1.05070102214813232421875))),
          Map.entry("Celu", single(ActivationNodes::celu)),
          entry("Softsign", node -> new Pointwise(Function.SOFTSIGN)),
          entry("ThresholdedRelu", node -> new Threshold(node.real("alpha", 1))),
          Map.entry("Shrink", single(ActivationNodes::shrink)),
          entry("Gelu", node -> new GELU(node.text("approximate", "none").equals("tanh"))),
          entry("Abs", node -> new Pointwise(Function.ABS)),
          entry("Exp", node -> new Pointwise(Function.EXP)),
          entry("Log", node -> new Pointwise(Function.LOG)),
          entry("Neg", node -> new Pointwise(Function.NEG)),
          entry("Sqrt", node -> new Pointwise(Function.SQRT)),
          entry("Erf", node -> new Pointwise(Function.ERF)),
          entry("Softplus", node -> new Pointwise(Function.SOFTPLUS)),
          entry("Mish", node -> new Pointwise(Function.MISH)),
          entry("Reciprocal", node -> new Pointwise(Function.RECIPROCAL)),
          Map.entry("Clip", single(ActivationNodes::clip)),
          Map.entry("PRelu", single(ActivationNodes::prelu)),
          Map.entry("Softmax", single(call -> softmax(call, Softmax::new))),
          Map.entry("LogSoftmax", single(call -> softmax(call, LogSoftmax::new))));

  private interface OfAttributes {
    Op op(Attributes node);
  }

  private static Map.Entry<String, Translator> entry(String name, OfAttributes op) {
    return Map.entry(name, single(call -> call.emit(op.op(call.attributes()), call.x())));
  }

  private static Translator single(Translator.Single translator) {
    return translator;
  }

  /** Limits are attributes before opset 11, inputs since; those left out do not limit. */
  private static Value clip(Call call) {
    boolean inputs = call.opset() >= 11;
    double min = Double.NEGATIVE_INFINITY;
    double max = Double.POSITIVE_INFINITY;
    if (inputs) {
      min = call.optional(1).map(Constant::scalar).orElse(min);
      max = call.optional(2).map(Constant::scalar).orElse(max);
    } else {
      min = call.attributes().real("min", min);
      max = call.attributes().real("max", max);
    }
    if (!(min <= max)) {
      throw call.refuse("clips to at least %s and at most %s".formatted(min, max));
    }
    return call.emit(new Clip(min, max), call.x());
  }

  private static Value celu(Call call) {
    double alpha = call.attributes().real("alpha", 1);
    if (alpha == 0) {
      throw call.refuse("divides by its alpha, 0");
    }
    return call.emit(new CELU(alpha), call.x());
  }

  private static Value shrink(Call call) {
    double lambd = call.attributes().real("lambd", 0.5);
    if (!(lambd >= 0)) {
      throw call.refuse("shrinks by a negative threshold, " + lambd);
    }
    return call.emit(new Shrink(lambd, call.attributes().real("bias", 0)), call.x());
  }

  private static Value prelu(Call call) {
    Traced x = call.x();
    Constant slope = call.constant(1);
    long slopes = slope.elements();
    boolean ofChannels =
        slopes == 1
            || (x.rank() > 1
                && slopes == x.shape().side(1)
                && slope.rank() <= x.rank()
                && slope.shape()[slope.rank() - Math.min(slope.rank(), x.rank() - 1)] == slopes
                && (x.rank() == 2 || slope.rank() >= x.rank() - 1));
    if (!ofChannels) {
      throw call.refuse("has slopes of another shape than one a channel");
    }
    call.weight("weight", slope.reshaped(slopes));
    return call.emit(new PReLU((int) slopes), x);
  }

  /**
   * Along one axis since opset 13. Before, all sides from the axis on, 1 by default, were one row;
   * that is the same where the others have the length 1.
   */
  private static Value softmax(Call call, IntFunction<Op> of) {
    Traced x = call.x();
    boolean rows = call.opset() < 13;
    int axis = Axes.of(call.attributes().integer("axis", rows ? 1 : -1), x.rank());
    for (int d = axis + 1; rows && d < x.rank(); d++) {
      if (!isOne(x, d)) {
        if (!isOne(x, axis)) {
          return softmaxOfRows(call, x, axis, of);
        }
        axis = d;
      }
    }
    return call.emit(of.apply(axis), x);
  }

  private static boolean isOne(Traced x, int d) {
    return x.isFixed(d) && x.shape().side(d) == 1;
  }

  /** Over all sides from an axis on together. */
  private static Value softmaxOfRows(Call call, Traced x, int axis, IntFunction<Op> of) {
    if (axis == 0) {
      throw call.refuse("is a softmax over all images together, " + x.shape());
    }
    long row = 1;
    boolean fixed = true;
    for (int d = axis; d < x.rank(); d++) {
      row *= x.shape().side(d);
      fixed &= x.isFixed(d);
    }
    if (axis > 1 && !fixed) {
      throw call.refuse("is a softmax over sides that change with the image's size");
    }
    Op flat = axis == 1 ? new Flatten() : new Reshape(List.of(-1L, row));
    Traced y = call.before(of.apply(1), call.before(flat, x));
    return PlaceNodes.shaped(call, y, new ReshapedSides(y.shapes(), x.shapes()));
  }
}
